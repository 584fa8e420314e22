package io.asyncbatcher.benchmarks.scenarios;

/**
 * How long a trial takes.
 *
 * @param warmUpMillis of every trial; where callers wait for results it goes on until the compilers rest
 * @param iterations of JMH, {@code iterationMillis} each
 * @param iterationMillis of JMH
 * @param millis measured in a trial that isn't JMH's
 */
public record TrialSettings(int warmUpMillis, int iterations, int iterationMillis, int millis) {

    public static final TrialSettings FULL = new TrialSettings(3_000, 3, 500, 2_000);
    public static final TrialSettings QUICK = new TrialSettings(300, 1, 300, 300);
}
