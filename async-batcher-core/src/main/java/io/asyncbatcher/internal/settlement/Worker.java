package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Watchdog;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The quick path of one of the library's own threads: it takes the next batch when it comes back from settling a quick one,
 * for which a slot is reserved, and wakes the callers of several batches together.
 *
 * <p>Waking a caller costs as much as many a batch. Where plenty of batches are queued, a caller that is woken at once
 * finds the rest of its results missing and waits again. So the thread settles at once what nobody waits for, holds the
 * rest back, runs the next batches, and then wakes the callers of all of them: they have more to do, and are woken less
 * often. (The same thought as in the interrupt coalescing of network cards: one wake-up for several events, within a bound
 * of time.) If the thread doesn't come to it, {@link Watchdog} has another settle it. Confined to its thread.
 */
public final class Worker implements Frame.PutOff {

    /** How many full batches have to be queued behind one whose callers are woken later. */
    public static final int PLENTY = 8;

    /** The most batches from which something is held back. */
    private static final int MOST = 16;

    /** No batch is begun once something has been held back for so long. */
    private static final long NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Setup<?> setup;
    private final ArrayDeque<Settlement<?, ?>> held = new ArrayDeque<>(2);
    private int batches;
    private long sinceNanos;

    public Worker(Setup<?> setup) {
        this.setup = setup;
    }

    /** The worker whose frame this is, or null. */
    public static @Nullable Worker of(Frame frame) {
        return (Worker) frame.putOff();
    }

    /**
     * Settles a batch that has just returned, or what nobody waits for of it; the rest comes behind what is held already.
     * True if all of it is settled.
     *
     * @param plenty whether plenty is queued behind it
     */
    public <T, R extends @Nullable Object> boolean settle(
            Frame frame, Settlement<T, R> settling, boolean plenty, long nowNanos) {
        if (!plenty && held.isEmpty()) {
            return settling.atBatchEnd(frame);
        }
        Settlement<T, R> awaited = settling.settleUnawaited(frame);
        if (awaited != null) {
            hold(awaited, nowNanos);
        }
        if (!held.isEmpty() && (!plenty || isLongEnough(nowNanos))) {
            doNow(frame); // the watchdog sees a batch that waits for it here, though all of its own is settled
        }
        return awaited == null;
    }

    private void hold(Settlement<?, ?> awaited, long nowNanos) {
        if (held.isEmpty()) {
            batches = 0;
            sinceNanos = nowNanos;
        }
        batches++;
        held.add(awaited);
    }

    private boolean isLongEnough(long nowNanos) {
        return batches >= MOST || nowNanos - sinceNanos >= NANOS;
    }

    /** Settles what is held back, the oldest first. */
    @Override
    public void doNow(Frame frame) {
        for (Settlement<?, ?> next = held.poll(); next != null; next = held.poll()) {
            next.atLast(frame);
        }
    }

    @Override
    public void giveUp() {
        for (Settlement<?, ?> next = held.poll(); next != null; next = held.poll()) {
            next.goOn(setup::offload);
        }
    }
}
