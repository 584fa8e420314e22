/** What is measured: AsyncBatcher, its peers behind one small adapter each, and floors that bound what is possible. */
@NullMarked
package io.asyncbatcher.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
