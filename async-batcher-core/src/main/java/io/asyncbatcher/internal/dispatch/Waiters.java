package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The threads that wait for a place in the full queue, in the order of their coming. Used under the engine's lock. */
final class Waiters<T, R extends @Nullable Object> {

    private final ArrayDeque<Waiter<T, R>> waiters = new ArrayDeque<>();

    void add(Waiter<T, R> waiter) {
        waiters.add(waiter);
    }

    /** Takes the one who has waited longest, or null. */
    @Nullable
    Waiter<T, R> poll() {
        return waiters.poll();
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** Ends a thread's wait without a place. */
    void giveUp(Waiter<T, R> waiter, BatcherException rejection) {
        waiters.remove(waiter);
        waiter.end(rejection);
    }

    /** Ends every wait without a place. */
    void giveUpAll(BatcherException rejection) {
        for (Waiter<T, R> waiter = poll(); waiter != null; waiter = poll()) {
            waiter.end(rejection);
        }
    }
}
