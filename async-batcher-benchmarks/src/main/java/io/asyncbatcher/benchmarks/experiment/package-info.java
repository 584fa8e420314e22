/**
 * The application under load, in a JVM of its own, and the load. The order of a step: {@link
 * io.asyncbatcher.benchmarks.experiment.WorkloadRun} starts the {@link io.asyncbatcher.benchmarks.experiment.ApplicationProcess}, {@link
 * io.asyncbatcher.benchmarks.experiment.RateSearch} says at which rate, {@link
 * io.asyncbatcher.benchmarks.experiment.OpenLoop} sends, {@link io.asyncbatcher.benchmarks.experiment.ConnectionPool} carry.
 */
@NullMarked
package io.asyncbatcher.benchmarks.experiment;

import org.jspecify.annotations.NullMarked;
