package io.asyncbatcher;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks after threads of our own that settle a batch and will come back for the next one.
 *
 * <p>Waking another thread for the next batch would cost more than many a batch. So where the processor is quick, the slot
 * is reserved for the thread that just settles what it had in it: what comes meanwhile is queued, and the thread takes it
 * when it comes back. That must not make anybody wait for a caller's continuation that blocks. Therefore these threads are
 * looked at every millisecond while there are any: whose batch is seen a second time, loses its reservation, and its engine
 * is told, so that it reserves nothing for a while.
 */
final class Watch {

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Set<Watch> USED = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean LOOKING = new AtomicBoolean();

    private volatile @Nullable Batch<?, ?> settling; // written by the owner
    private boolean used; // by the owner
    private @Nullable Batch<?, ?> lastSeen; // by who looks

    /** The owner begins to settle a batch for which a slot is reserved. */
    void begin(Batch<?, ?> batch) {
        if (!used) {
            used = true;
            USED.add(this);
        }
        settling = batch;
        lookLater();
    }

    /** The owner has come back, and has given its reservation up. */
    void end() {
        settling = null;
    }

    /** The thread goes home. */
    void forget() {
        if (used) {
            USED.remove(this);
            giveUp();
        }
    }

    /** Gives a reservation up, because this thread may be about to wait, or has failed to come back. */
    void giveUp() {
        Batch<?, ?> batch = settling;
        if (batch != null) {
            settling = null;
            batch.giveUpReservation();
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
        for (Watch watch : USED) {
            Batch<?, ?> seen = watch.settling;
            if (seen != null && seen == watch.lastSeen) {
                seen.engine().beWary();
                seen.giveUpReservation();
            } else if (seen != null) {
                lookLater();
            }
            watch.lastSeen = seen;
        }
    }
}
