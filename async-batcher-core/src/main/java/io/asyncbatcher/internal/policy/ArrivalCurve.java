package io.asyncbatcher.internal.policy;

import java.util.Arrays;

/**
 * How many items arrive, by the time since an epoch: an intensity for each half octave from a microsecond to three
 * minutes. A fan-out, or callers that come back with their next item, show as a peak soon after the epoch; independent
 * callers as a flat line. In each bucket, what is old fades as new is watched: late ones are watched seldom. Empty it owns
 * no arrays.
 */
final class ArrivalCurve {

    static final int BUCKETS = 56;

    private static final double[] NONE = {};

    /** A bucket's evidence is halved whenever it amounts to so many times its width. */
    private static final int WATCHED_TO_HALVE = 128;

    private static final double[] EDGES = new double[BUCKETS];

    static {
        for (int i = 0; i < BUCKETS; i++) {
            EDGES[i] = 1e3 * Math.pow(2, i / 2.0);
        }
    }

    private double[] arrivals = NONE;
    private double[] exposure = NONE;

    /** The end of a bucket, as time since the epoch; its start is the end of the one before. */
    static double edge(int bucket) {
        return bucket < 0 ? 0 : EDGES[bucket];
    }

    /** The bucket of a time since the epoch, {@link #BUCKETS} if it is later than any. */
    static int bucket(double age) {
        int found = Arrays.binarySearch(EDGES, age);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** An epoch was watched from one age to another. */
    void watched(double from, double to) {
        allocate();
        double start = from;
        for (int i = bucket(from); i < BUCKETS && start < to; i++) {
            double end = Math.min(to, EDGES[i]);
            exposure[i] += end - start;
            if (exposure[i] >= WATCHED_TO_HALVE * (EDGES[i] - edge(i - 1))) {
                exposure[i] /= 2;
                arrivals[i] /= 2;
            }
            start = end;
        }
    }

    void arrived(double age, int items) {
        allocate();
        int bucket = bucket(age);
        if (bucket < BUCKETS) {
            arrivals[bucket] += items;
        }
    }

    /** Arrivals a nanosecond in a bucket. Its width counts as watched in vain, so that little evidence says little. */
    double intensity(int bucket) {
        if (bucket >= arrivals.length) {
            return 0;
        }
        return arrivals[bucket] / (exposure[bucket] + EDGES[bucket] - edge(bucket - 1));
    }

    /** The expected number of arrivals from one age to another. */
    double expected(double from, double to) {
        double sum = 0;
        double start = from;
        for (int i = bucket(from); i < BUCKETS && start < to; i++) {
            double end = Math.min(to, EDGES[i]);
            sum += intensity(i) * (end - start);
            start = end;
        }
        return sum;
    }

    private void allocate() {
        if (arrivals.length == 0) {
            double[] none = new double[BUCKETS]; // both or neither, where memory is short
            exposure = new double[BUCKETS];
            arrivals = none;
        }
    }
}
