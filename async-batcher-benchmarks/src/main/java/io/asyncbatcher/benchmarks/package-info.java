/**
 * Measures AsyncBatcher beside its peers. {@link io.asyncbatcher.benchmarks.BenchmarkRun} measures, {@link
 * io.asyncbatcher.benchmarks.report.Report} tells.
 */
@NullMarked
package io.asyncbatcher.benchmarks;

import org.jspecify.annotations.NullMarked;
