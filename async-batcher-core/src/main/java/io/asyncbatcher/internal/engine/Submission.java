package io.asyncbatcher.internal.engine;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.dispatch.Admission;
import io.asyncbatcher.internal.dispatch.Waiter;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.ItemOwner;
import io.asyncbatcher.internal.item.Listeners;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Sorting;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way of an item from its caller into the queue: mostly without a lock, otherwise by asking for room. Used by any
 * thread.
 */
final class Submission<T, R extends @Nullable Object> {

    private final ItemOwner<T, R> owner;
    private final Setup<T> setup;
    private final TicketQueue<T, R> queue;
    private final @Nullable Sorting<T, R> sorting;
    private final Changes<T, R> changes;

    /** Who listens; null = nobody. Written under the lock. */
    private volatile @Nullable Listeners listeners;

    /** The bound on an item without a timeout of its own. Written under the lock. */
    private volatile long itemTimeoutNanos = Nanos.FOREVER;

    Submission(
            ItemOwner<T, R> owner,
            Setup<T> setup,
            TicketQueue<T, R> queue,
            @Nullable Sorting<T, R> sorting,
            Changes<T, R> changes) {
        this.owner = owner;
        this.setup = setup;
        this.queue = queue;
        this.sorting = sorting;
        this.changes = changes;
    }

    @Nullable
    Listeners listeners() {
        return listeners;
    }

    void listeners(@Nullable Listeners listening) {
        listeners = listening;
    }

    /** Follows other options, under the lock. */
    void follow(BatcherOptions options) {
        itemTimeoutNanos = options.itemTimeout() == null ? Nanos.FOREVER : Nanos.of(options.itemTimeout());
    }

    CompletableFuture<R> submit(T item) {
        long timeoutNanos = itemTimeoutNanos;
        if (timeoutNanos < Nanos.FOREVER) {
            return submit(item, timeoutNanos);
        }
        Listeners listening = listeners;
        Item<T, R> submitted =
                listening == null ? new Item<>(owner, item) : newTimedItem(item, listening, Nanos.FOREVER);
        if (queue.closed) {
            ask(submitted);
            return submitted;
        }
        try {
            long ticket = queue.add(submitted);
            if (ticket == queue.wakeAt || ticket >= queue.limit) {
                lookIn(submitted, ticket);
            }
        } catch (Error failure) {
            changes.lookAgain(failure); // it may have been the one to wake a batch
            throw failure;
        }
        return submitted;
    }

    /** Submits an item with a deadline, which is noted under the lock. */
    CompletableFuture<R> submit(T item, long timeoutNanos) {
        TimedItem<T, R> submitted = newTimedItem(item, listeners, timeoutNanos);
        if (timeoutNanos == 0) {
            submitted.reject(submitted.expiry());
        } else {
            ask(submitted);
        }
        return submitted;
    }

    private TimedItem<T, R> newTimedItem(T item, @Nullable Listeners listening, long timeoutNanos) {
        return new TimedItem<>(owner, item, setup.name(), listening, setup.time(), timeoutNanos);
    }

    /** The ticket that was taken without the lock matters: it may have found no room, or a batch may go. */
    private void lookIn(Item<T, R> item, long ticket) {
        if (!changes.answerCaller(guarded -> guarded.admission().keeps(item, ticket))) {
            ask(item);
        }
    }

    /** Asks for room under the lock. */
    private void ask(Item<T, R> item) {
        Entry<T, R> entry = null;
        if (sorting != null) {
            try {
                entry = sorting.entry(item, setup.time().nanoTime());
            } catch (Throwable failure) {
                item.reject(Rejections.ofFunction(setup.name(), failure));
                return;
            }
        }
        Admission.Answer.Rejected<T, R> rejection = ask(item, entry);
        if (rejection != null) {
            if (sorting != null && entry != null) {
                sorting.forget(entry);
            }
            reject(item, rejection.why(), rejection.reason());
        }
    }

    private Admission.Answer.@Nullable Rejected<T, R> ask(Item<T, R> item, @Nullable Entry<T, R> entry) {
        Frame frame = Frame.top();
        boolean mayWait = frame == null || !frame.isProcessingFor(owner);
        Admission.Answer<T, R> answer =
                changes.answerCaller(guarded -> guarded.admission().ask(item, entry, mayWait ? changes.lock() : null));
        if (answer instanceof Admission.Answer.Wait<T, R> wait) {
            BatcherException why = await(wait.waiter());
            return why == null ? null : new Admission.Answer.Rejected<>(why, Rejections.reason(why));
        }
        return answer instanceof Admission.Answer.Rejected<T, R> rejected ? rejected : null;
    }

    private @Nullable BatcherException await(Waiter<T, R> waiter) {
        Frame frame = Frame.top();
        if (frame != null) {
            frame.beforeWait();
        }
        return changes.<@Nullable BatcherException>read(
                guarded -> guarded.admission().await(waiter));
    }

    private void reject(Item<T, R> item, BatcherException rejection, @Nullable RejectionReason reason) {
        Listeners listening = listeners;
        if (reason != null) {
            changes.write(guarded -> guarded.tally().rejected(reason));
        }
        if (reason != null && listening != null) {
            listening.rejected(setup.name(), reason);
        }
        item.reject(rejection);
    }
}
