/**
 * What is measured: {@link io.asyncbatcher.benchmarks.scenarios.Scenario} lists it, {@link
 * io.asyncbatcher.benchmarks.scenarios.TrialRunner} runs each trial in a JVM of its own. There JMH measures {@link
 * io.asyncbatcher.benchmarks.scenarios.PipelineBenchmark} and {@link
 * io.asyncbatcher.benchmarks.scenarios.MetersBenchmark}, or a main class measures the other scenarios.
 */
@NullMarked
package io.asyncbatcher.benchmarks.scenarios;

import org.jspecify.annotations.NullMarked;
