/** What the start of an application is measured with: templates of beans. */
@NullMarked
package io.asyncbatcher.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
