package io.asyncbatcher;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks after threads of our own that settle a batch and will come back for the next one.
 *
 * <p>Waking another thread for the next batch would cost more than many a batch. So where the processor is quick, the slot
 * is reserved for the thread that just settles what it had in it: what comes meanwhile is queued, and the thread takes it
 * when it comes back.
 *
 * <p>Waking a caller costs as much. Where plenty of batches are queued, a caller that is woken at once finds the rest of
 * its results missing and waits again. So the thread settles at once what nobody waits for, holds the rest back, runs the
 * next batches, and then wakes the callers of all of them: they have more to do, and are woken less often. (The same
 * thought as in the interrupt coalescing of network cards: one wake-up for several events, within a bound of time.)
 *
 * <p>Neither may make anybody wait for a continuation or a processor that blocks. Therefore these threads are looked at
 * every millisecond while there are any: who is seen a second time at the same, loses its reservation and what it holds,
 * and its engine is told, so that it does neither for a while. What is held is taken by {@link ConcurrentLinkedQueue#poll}, by its thread
 * or by who looks, so each settlement has one that does it.
 */
final class Watch {

    /** How many full batches have to be queued behind one whose callers are woken later. */
    static final int PLENTY = 8;

    /** The most batches from which something is held back. */
    private static final int MOST_HELD = 16;

    /** No batch is begun once something has been held back for so long. */
    private static final long HOLD_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Set<Watch> USED = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean LOOKING = new AtomicBoolean();

    // written by the owner
    private volatile @Nullable Batch<?, ?> settling;
    private volatile @Nullable Settlement<?, ?> waking; // the first of those that it is at

    /** What is held back: added by the owner, taken by it or by who looks. */
    private final ConcurrentLinkedQueue<Settlement<?, ?>> held = new ConcurrentLinkedQueue<>();

    // used by the owner
    private boolean used;
    private int heldBatches;
    private long heldSinceNanos;

    private @Nullable Object lastSeen; // by who looks

    /** The owner begins to settle a batch for which a slot is reserved. */
    void begin(Batch<?, ?> batch) {
        settling = batch;
        use();
    }

    private void use() {
        if (!used) {
            used = true;
            USED.add(this);
        }
        lookLater();
    }

    /** The owner has come back, and has given its reservation up. */
    void end() {
        settling = null;
    }

    /** The owner holds back what is left of a batch. */
    void hold(Settlement<?, ?> awaited, long nowNanos) {
        if (held.isEmpty()) {
            heldBatches = 0;
            heldSinceNanos = nowNanos;
        }
        heldBatches++;
        held.add(awaited);
        use();
    }

    boolean holds() {
        return !held.isEmpty();
    }

    boolean hasHeldLongEnough(long nowNanos) {
        return heldBatches >= MOST_HELD || nowNanos - heldSinceNanos >= HOLD_NANOS;
    }

    /** The owner settles what it holds, the oldest first. */
    void settleHeld(Frame frame) {
        Settlement<?, ?> next = held.poll();
        waking = next;
        for (; next != null; next = held.poll()) {
            next.atLast(frame);
        }
        waking = null;
    }

    /** The thread goes home. */
    void forget() {
        if (used) {
            USED.remove(this);
            giveUp();
        }
    }

    /** Gives up what others wait for, because this thread is about to wait or goes home. */
    void giveUp() {
        Batch<?, ?> batch = settling;
        if (batch != null) {
            settling = null;
            batch.giveUpReservation();
        }
        settleElsewhere();
    }

    private void settleElsewhere() {
        for (Settlement<?, ?> next = held.poll(); next != null; next = held.poll()) {
            next.elsewhere();
        }
    }

    private static void lookLater() {
        if (!LOOKING.get() && LOOKING.compareAndSet(false, true)) {
            try {
                TimeSource.system().schedule(Watch::lookAtAll, LOOK_EVERY_NANOS);
            } catch (Throwable noThread) {
                LOOKING.set(false); // the next one tries again
            }
        }
    }

    private static void lookAtAll() {
        LOOKING.set(false);
        USED.forEach(Watch::look);
    }

    private void look() {
        Batch<?, ?> batch = settling;
        Settlement<?, ?> wakes = waking;
        Object seen = batch != null ? batch : wakes != null ? wakes : held.peek();
        if (seen != null && seen == lastSeen) {
            if (batch != null) {
                batch.engine().beWary();
                batch.giveUpReservation();
            }
            settleElsewhere();
        } else if (seen != null) {
            lookLater();
        }
        lastSeen = seen;
    }
}
