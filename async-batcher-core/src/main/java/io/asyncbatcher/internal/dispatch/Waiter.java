package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Entry;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A submitting thread that waits for room in the full queue. Room that becomes free is given to the longest
 * waiting one by queueing its item on its behalf, so exactly one thread goes on for each item that leaves, and no newcomer
 * overtakes it. Used under
 * the engine's lock.
 */
public final class Waiter<T, R extends @Nullable Object> {

    final Item<T, R> item;

    /** The item's record, where it needs one. */
    final @Nullable Entry<T, R> entry;

    /** Since when it waits, which counts as linger too. */
    final long sinceNanos;

    private final Condition changed;
    private boolean over;
    private @Nullable BatcherException rejection;

    Waiter(Item<T, R> item, @Nullable Entry<T, R> entry, long nowNanos, Lock lock) {
        this.item = item;
        this.entry = entry;
        this.sinceNanos = nowNanos;
        this.changed = lock.newCondition();
    }

    boolean isOver() {
        return over;
    }

    /** Ends the wait; with null the item has been queued. */
    void end(@Nullable BatcherException rejection) {
        if (!over) {
            over = true;
            this.rejection = rejection;
            changed.signal();
        }
    }

    /** Waits for the end; an interrupt leaves it to the caller to end the wait. */
    void await() throws InterruptedException {
        while (!over) {
            changed.await();
        }
    }

    @Nullable
    BatcherException rejection() {
        return rejection;
    }
}
