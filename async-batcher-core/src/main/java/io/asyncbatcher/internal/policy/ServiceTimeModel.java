package io.asyncbatcher.internal.policy;

/**
 * How long a batch takes by its size, {@code a + b * items}, in nanoseconds: learned by least squares that forget. Where
 * sizes hardly vary a line can have any slope, so the slope is drawn to the one that halves the mean time between the
 * call and its items (ridge regression).
 */
final class ServiceTimeModel {

    private static final double MEMORY = 0.98;
    private static final double RIDGE = 2;

    /** One call in a garbage collection must not bend the line: more than this many times the expected counts no more. */
    private static final double CLIP = 4;

    /** Below this nothing is clipped, or a line that once learned zero would learn nothing else. */
    private static final double CLIP_FROM_NANOS = 1e6;

    static final int CALLS_NEEDED = 3;

    private int calls;
    private double weight;
    private double meanItems;
    private double meanNanos;
    private double itemsSquared;
    private double itemsByNanos;
    private double a;
    private double b;

    /** A call of so many items has taken so long; a negative time counts as zero, and no items as no call. */
    void add(int items, long tookNanos) {
        if (items < 1) {
            return;
        }
        double nanos = Math.max(0, tookNanos);
        if (isKnown()) {
            nanos = Math.min(nanos, Math.max(CLIP_FROM_NANOS, CLIP * nanos(items)));
        }
        calls = Math.min(calls + 1, CALLS_NEEDED);
        // sums around the means, since sums of squares would cancel each other
        weight = MEMORY * weight + 1;
        double moreItems = items - meanItems;
        meanItems += moreItems / weight;
        meanNanos += (nanos - meanNanos) / weight;
        itemsSquared = MEMORY * itemsSquared + moreItems * (items - meanItems);
        itemsByNanos = MEMORY * itemsByNanos + moreItems * (nanos - meanNanos);

        double most = meanNanos / meanItems;
        double slope = (itemsByNanos + RIDGE * most / 2) / (itemsSquared + RIDGE);
        b = Math.min(Math.max(slope, 0), most);
        a = Math.max(0, meanNanos - b * meanItems);
    }

    /** Whether there were calls enough to tell anything. */
    boolean isKnown() {
        return calls >= CALLS_NEEDED;
    }

    /** What a call costs whatever its size. */
    double a() {
        return a;
    }

    /** What each item adds. */
    double b() {
        return b;
    }

    /** The expected time of a batch. */
    double nanos(double items) {
        return a + b * items;
    }
}
