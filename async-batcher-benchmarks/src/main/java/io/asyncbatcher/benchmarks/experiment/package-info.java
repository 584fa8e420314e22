/**
 * The application under load, in a JVM of its own, and the load. The order of a step: {@link
 * io.asyncbatcher.benchmarks.experiment.Climb} starts the {@link io.asyncbatcher.benchmarks.experiment.Server}, {@link
 * io.asyncbatcher.benchmarks.experiment.Ladder} says at which rate, {@link
 * io.asyncbatcher.benchmarks.experiment.OpenLoop} sends, {@link io.asyncbatcher.benchmarks.experiment.Connections} carry.
 */
@NullMarked
package io.asyncbatcher.benchmarks.experiment;

import org.jspecify.annotations.NullMarked;
