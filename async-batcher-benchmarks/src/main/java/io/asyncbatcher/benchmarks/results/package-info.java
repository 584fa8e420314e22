/** The raw data of a run, as it is committed, and what it was measured on. */
@NullMarked
package io.asyncbatcher.benchmarks.results;

import org.jspecify.annotations.NullMarked;
