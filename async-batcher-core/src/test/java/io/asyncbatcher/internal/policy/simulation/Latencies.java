package io.asyncbatcher.internal.policy.simulation;

import java.util.Arrays;

/** What a simulation measured, by item, in the order of submission. */
final class Latencies {

    private final long[] submittedNanos;
    private final long[] latencyNanos;

    Latencies(long[] submittedNanos, long[] latencyNanos) {
        this.submittedNanos = submittedNanos;
        this.latencyNanos = latencyNanos;
    }

    long[] submittedNanos() {
        return submittedNanos.clone();
    }

    double mean() {
        return mean(0, latencyNanos.length);
    }

    /** Of the items from one, inclusive, to another, exclusive. */
    double mean(int from, int to) {
        return Arrays.stream(latencyNanos, from, to).average().orElseThrow();
    }

    /** The time between two ends, on the mean, from one item on: the inverse of the throughput. */
    double nanosPerItem(int from) {
        long last = 0;
        for (int i = from; i < latencyNanos.length; i++) {
            last = Math.max(last, submittedNanos[i] + latencyNanos[i]);
        }
        return (last - submittedNanos[from] - latencyNanos[from]) / (double) (latencyNanos.length - from);
    }

    double percentile(double part) {
        long[] sorted = latencyNanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(part * sorted.length) - 1];
    }
}
