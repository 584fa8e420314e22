package io.asyncbatcher.internal.policy;

import java.util.SplittableRandom;

/**
 * When items arrive, told from one epoch to the next: an item that finds nothing queued and a slot free, or the end of a
 * batch. What follows these two differs (a fan-out goes on, callers come back), so each has its curves: one for while
 * fewer items have come than the batch had that ended last, one for afterwards. Callers who come back all do, and the
 * last of a few may take long. Without the first of the two curves it would look as unlikely then as it is that one is missing.
 */
final class ArrivalPattern {

    static final int EPOCHS_NEEDED = 6;

    /** So many epochs are followed to their end at first, and one of {@link #FOLLOWED_ONE_OF} afterwards. */
    private static final int EPOCHS_FOLLOWED = 64;

    private static final int FOLLOWED_ONE_OF = 8;

    private final ArrivalCurve[] afterIdle = {new ArrivalCurve(), new ArrivalCurve()};
    private final ArrivalCurve[] afterBatch = {new ArrivalCurve(), new ArrivalCurve()};
    private ArrivalCurve[] curves = afterBatch;

    /** How many items the batch had that ended last, less those that have come since. */
    private int outstanding;

    private int epochs;

    /** By chance, because every eighth batch may differ from the others. */
    private final SplittableRandom random = new SplittableRandom(1);

    private boolean followedToTheEnd = true;
    private boolean watching;
    private long epochNanos;
    private double watchedTo;

    /** Items came; {@code idle} if the first of them found nothing queued and a slot free. */
    void arrived(long nowNanos, int items, boolean idle) {
        watch(nowNanos);
        if (watching) {
            add(idle ? 1 : items);
        }
        if (idle) {
            epoch(nowNanos, afterIdle);
            if (items > 1) {
                add(items - 1);
            }
        }
    }

    private void add(int items) {
        present().arrived(watchedTo, items);
        outstanding -= Math.min(items, outstanding);
    }

    /** A batch of so many items has ended. */
    void ended(long nowNanos, int items) {
        watch(nowNanos);
        epoch(nowNanos, afterBatch);
        outstanding = items;
    }

    /** Arrivals have been followed until now, and are not until the next epoch. */
    void lookAway(long nowNanos) {
        watch(nowNanos); // or only epochs in which somebody came would count
        watching = false;
    }

    /** Whether the present epoch is to be followed to its end, and not only while its arrivals may decide something. */
    boolean isFollowedToTheEnd() {
        return followedToTheEnd;
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

    /** The curve of the present epoch while none is outstanding. */
    ArrivalCurve curve() {
        return curves[0];
    }

    /** The curve of the present epoch while some are outstanding. */
    ArrivalCurve outstandingCurve() {
        return curves[1];
    }

    /** How many items are outstanding. */
    int outstanding() {
        return outstanding;
    }

    private ArrivalCurve present() {
        return curves[outstanding > 0 ? 1 : 0];
    }

    private void watch(long nowNanos) {
        double age = nowNanos - epochNanos;
        if (watching && age > watchedTo) { // a clock may stand still, and be read by two threads in the other order
            present().watched(watchedTo, age);
            watchedTo = age;
        }
    }

    private void epoch(long nowNanos, ArrivalCurve[] kind) {
        curves = kind;
        watching = true;
        epochNanos = nowNanos;
        watchedTo = 0;
        epochs = Math.min(epochs + 1, EPOCHS_FOLLOWED);
        followedToTheEnd = epochs < EPOCHS_FOLLOWED || random.nextInt(FOLLOWED_ONE_OF) == 0;
    }
}
