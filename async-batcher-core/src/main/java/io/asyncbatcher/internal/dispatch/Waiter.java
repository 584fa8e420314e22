package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.thread.Deadlines;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A submitting thread that waits for a place in the full queue. A place that becomes free is given to the longest
 * waiting one by queueing its item on its behalf, so exactly one thread goes on a place, and nobody barges in. Used under
 * the engine's lock.
 */
public final class Waiter<T, R extends @Nullable Object> implements Deadlines.Deadline {

    private final Admission<T, R> admission;
    final Item<T, R> item;

    /** The item's record, where it needs one. */
    final @Nullable Entry<T, R> entry;

    /** Since when it waits, which counts as linger too. */
    final long sinceNanos;

    private final long deadlineNanos;
    private final Condition changed;
    private boolean over;
    private @Nullable BatcherException rejection;

    Waiter(
            Admission<T, R> admission,
            Item<T, R> item,
            @Nullable Entry<T, R> entry,
            long nowNanos,
            long patienceNanos,
            Lock lock) {
        this.admission = admission;
        this.item = item;
        this.entry = entry;
        this.sinceNanos = nowNanos;
        this.deadlineNanos = nowNanos + patienceNanos;
        this.changed = lock.newCondition();
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void expire() {
        admission.expire(this);
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
    public void await() throws InterruptedException {
        while (!over) {
            changed.await();
        }
    }

    @Nullable
    public BatcherException rejection() {
        return rejection;
    }
}
