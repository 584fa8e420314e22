package io.asyncbatcher;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The batch that a thread of our own will run next, once it has settled the items of its last one. Waking another thread
 * for it would cost more than many a batch; keeping it must not make it wait for a caller's continuation.
 *
 * <p>So the thread gives it away before it settles an item that has continuations. One can still be added in the instant
 * between that look and the settlement; for this case the hands are looked at every few milliseconds while there is
 * something in one, and a batch that has stayed in it is given to another thread. The batch is in the atomic reference or has been taken out by one thread.
 */
final class Hand {

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Set<Hand> USED = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean LOOKING = new AtomicBoolean();

    private final AtomicReference<@Nullable Batch<?, ?>> batch = new AtomicReference<>();
    private boolean used; // by the owner
    private @Nullable Batch<?, ?> lastSeen; // by who looks

    /** Puts a batch into the hand: false if there is one in it. */
    boolean put(Batch<?, ?> next) {
        if (!batch.compareAndSet(null, next)) {
            return false;
        }
        if (!used) {
            used = true;
            USED.add(this);
        }
        lookLater();
        return true;
    }

    @Nullable
    Batch<?, ?> take() {
        return batch.get() == null ? null : batch.getAndSet(null);
    }

    /** The thread goes home with an empty hand. */
    void close() {
        if (used) {
            USED.remove(this);
        }
    }

    private static void lookLater() {
        if (!LOOKING.get() && LOOKING.compareAndSet(false, true)) {
            try {
                TimeSource.system().schedule(Hand::lookAtAll, LOOK_EVERY_NANOS);
            } catch (Throwable noThread) {
                LOOKING.set(false); // the next one tries again
            }
        }
    }

    private static void lookAtAll() {
        LOOKING.set(false);
        for (Hand hand : USED) {
            Batch<?, ?> seen = hand.batch.get();
            if (seen != null && seen == hand.lastSeen && hand.batch.compareAndSet(seen, null)) {
                seen.handOver();
            } else if (seen != null) {
                lookLater();
            }
            hand.lastSeen = seen;
        }
    }
}
