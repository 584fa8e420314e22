package io.asyncbatcher.internal.policy;

/** How many items have gone into batches in a nanosecond, of late. */
final class Throughput {

    private static final double MEMORY = 0.97;

    private boolean isBegun;
    private long lastNanos;
    private double items;
    private double nanos;

    /** A batch of so many items has begun. */
    void add(long nowNanos, int batchSize) {
        if (isBegun) {
            items = MEMORY * items + batchSize;
            nanos = MEMORY * nanos + Math.max(0, nowNanos - lastNanos);
        }
        isBegun = true;
        lastNanos = nowNanos;
    }

    /** Zero while nothing can be told. */
    double perNano() {
        return nanos > 0 ? items / nanos : 0;
    }
}
