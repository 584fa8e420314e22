/** Tables and plots of {@code BENCHMARK.md} and {@code docs/benchmarks}, made from the raw data and from nothing else. */
@NullMarked
package io.asyncbatcher.benchmarks.report;

import org.jspecify.annotations.NullMarked;
