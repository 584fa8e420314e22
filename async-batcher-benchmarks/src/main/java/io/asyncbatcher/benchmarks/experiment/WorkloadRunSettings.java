package io.asyncbatcher.benchmarks.experiment;

import java.time.Duration;

/**
 * How long a run takes.
 *
 * @param warmUp before anything is measured
 * @param lead of each step, under its load, before it is measured
 * @param step measured of a step on the way up
 * @param longer measured of a step that counts
 * @param refinements how often the distance between a rate that holds and one that doesn't is halved
 * @param most the highest rate that is tried
 */
public record WorkloadRunSettings(
        Duration warmUp, Duration lead, Duration step, Duration longer, int refinements, double most) {

    public static final WorkloadRunSettings FULL = new WorkloadRunSettings(
            Duration.ofSeconds(5), Duration.ofMillis(800), Duration.ofMillis(1_500), Duration.ofSeconds(5), 3, 51_200);
    public static final WorkloadRunSettings QUICK = new WorkloadRunSettings(
            Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(800), 1, 400);
}
