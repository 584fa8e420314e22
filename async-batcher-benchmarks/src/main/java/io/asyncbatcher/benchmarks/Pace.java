package io.asyncbatcher.benchmarks;

/**
 * How long a trial takes.
 *
 * @param warmUps of JMH, {@code warmUpMillis} each
 * @param warmUpMillis of every trial
 * @param iterations of JMH, {@code iterationMillis} each
 * @param iterationMillis of JMH
 * @param millis measured in a trial that isn't JMH's
 */
record Pace(int warmUps, int warmUpMillis, int iterations, int iterationMillis, int millis) {

    static final Pace FULL = new Pace(2, 800, 3, 400, 1_200);
    static final Pace QUICK = new Pace(1, 300, 1, 300, 300);
}
