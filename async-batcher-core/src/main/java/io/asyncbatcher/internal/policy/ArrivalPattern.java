package io.asyncbatcher.internal.policy;

/**
 * When items arrive, told from one epoch to the next: an item that finds nothing queued and a slot free, or the end of a
 * batch. What follows these two differs (a fan-out goes on, callers come back), so each has its curve.
 */
final class ArrivalPattern {

    static final int EPOCHS_NEEDED = 6;

    private final ArrivalCurve afterIdle = new ArrivalCurve();
    private final ArrivalCurve afterBatch = new ArrivalCurve();
    private ArrivalCurve curve = afterBatch;
    private int epochs;
    private boolean watching;
    private long epochNanos;
    private double watchedTo;

    /** Items came; {@code idle} if the first of them found nothing queued and a slot free. */
    void arrived(long nowNanos, int items, boolean idle) {
        watch(nowNanos);
        if (watching) {
            curve.arrived(watchedTo, idle ? 1 : items);
        }
        if (idle) {
            epoch(nowNanos, afterIdle);
            if (items > 1) {
                curve.arrived(0, items - 1);
            }
        }
    }

    /** A batch has ended. */
    void ended(long nowNanos) {
        watch(nowNanos);
        epoch(nowNanos, afterBatch);
    }

    /** Arrivals are not followed until the next epoch. */
    void lookAway() {
        watching = false;
    }

    /** Whether there were epochs enough to tell anything. */
    boolean isKnown() {
        return watching && epochs >= EPOCHS_NEEDED;
    }

    /** The time since the epoch. Later questions are about what follows it. */
    double age(long nowNanos) {
        watch(nowNanos);
        return watchedTo;
    }

    /** The curve of the present epoch. */
    ArrivalCurve curve() {
        return curve;
    }

    private void watch(long nowNanos) {
        double age = nowNanos - epochNanos;
        if (watching && age > watchedTo) { // a clock may stand still, and be read by two threads in the other order
            curve.watched(watchedTo, age);
            watchedTo = age;
        }
    }

    private void epoch(long nowNanos, ArrivalCurve kind) {
        curve = kind;
        curve.epoch();
        watching = true;
        epochNanos = nowNanos;
        watchedTo = 0;
        epochs = Math.min(epochs + 1, EPOCHS_NEEDED);
    }
}
