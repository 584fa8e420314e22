package io.asyncbatcher;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a thread of ours holds back of several quick batches, to wake their callers together.
 *
 * <p>Waking a caller costs as much as many a batch. Where plenty of batches are queued, a caller that is woken at once
 * finds the rest of its results missing and waits again. So the thread settles at once what nobody waits for, holds the
 * rest back, runs the next batches, and then wakes the callers of all of them: they have more to do, and are woken less
 * often. (The same thought as in the interrupt coalescing of network cards: one wake-up for several events, within a bound
 * of time.) If the thread doesn't come to it, {@link Watch} has another settle it. Confined to its thread.
 */
final class HeldBack {

    /** How many full batches have to be queued behind one whose callers are woken later. */
    static final int PLENTY = 8;

    /** The most batches from which something is held back. */
    private static final int MOST = 16;

    /** No batch is begun once something has been held back for so long. */
    private static final long NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ArrayDeque<Settlement<?, ?>> settlements = new ArrayDeque<>(2);
    private int batches;
    private long sinceNanos;

    /** Holds back what is left of a batch. */
    void add(Settlement<?, ?> awaited, long nowNanos) {
        if (settlements.isEmpty()) {
            batches = 0;
            sinceNanos = nowNanos;
        }
        batches++;
        settlements.add(awaited);
    }

    boolean isEmpty() {
        return settlements.isEmpty();
    }

    boolean isLongEnough(long nowNanos) {
        return batches >= MOST || nowNanos - sinceNanos >= NANOS;
    }

    /** Takes the oldest; null if nothing is held back. */
    @Nullable
    Settlement<?, ?> poll() {
        return settlements.poll();
    }
}
