package io.asyncbatcher;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Submits single items to a batcher and returns the result of each item. Application code needs only this interface.
 *
 * <p>Thread-safe. If an item is rejected, no method throws; the future fails. With {@link OverflowPolicy#REJECT} no
 * method blocks. With {@link OverflowPolicy#BLOCK} the submitting thread waits for room for at most
 * {@code maxBlockTime}.
 *
 * <p>The caller owns the returned futures. It can cancel a future, complete it, or set a timeout on it. A queued item
 * is then removed from the queue. Other items are not affected. Without a {@code completionExecutor}, a continuation
 * that was added before the item was settled runs on the thread of the batch. If it blocks, it delays the other items
 * of this batch. A future fails with
 *
 * <ul>
 *   <li>{@link QueueFullException} if the queue was full,
 *   <li>{@link ItemTooHeavyException} if the item is heavier than {@code maxBatchWeight},
 *   <li>{@link BatcherStoppedException} if the batcher was stopped before the item was in a batch,
 *   <li>{@link ItemExpiredException} if the timeout of the item, or the {@code itemTimeout} of the batcher, expired,
 *   <li>{@link BatchAbortedException} if its batch was aborted,
 *   <li>{@link BatchResultException} if the processor broke its contract,
 *   <li>the exception that the processor threw, unwrapped, or that of the item's {@link Outcome},
 *   <li>the exception that the weigher or the function of {@code partitionBy} threw, {@link IllegalArgumentException}
 *       for a negative weight, and {@link NullPointerException} for a null key,
 *   <li>{@link java.util.concurrent.CancellationException} if the caller cancelled it.
 * </ul>
 *
 * <p>All callers of a batch get the same instance of an exception. Do not call {@code addSuppressed} or
 * {@code setStackTrace} on it, because this changes it for the other callers. Wrap it instead.
 *
 * <p>On a thread that runs the processor of the same batcher, {@code join} and {@code get} of a returned future throw
 * {@link IllegalStateException} if no slot is left for the item, because they would wait forever.
 *
 * @param <T> the item
 * @param <R> its result
 */
public interface BatcherClient<T, R extends @Nullable Object> {

    /**
     * Submits one item. The {@code itemTimeout} of the batcher, if set, limits the time from this call to the result.
     * Without it, a processor that hangs makes the caller wait forever.
     *
     * @param item the item for the processor; it must not be changed until the future is settled
     * @return the result of the item
     * @throws NullPointerException if the item is null
     */
    CompletableFuture<R> process(T item);

    /**
     * Submits one item with a timeout. If it is still queued when the timeout expires, it is never dispatched. If it is
     * in flight, it fails, its late result is dropped, and it may have run.
     *
     * @param item the item for the processor
     * @param timeout the longest time from this call to the result, instead of the {@code itemTimeout} of the batcher;
     *     zero or less fails immediately
     * @return the result of the item, or a failure with {@link ItemExpiredException}
     * @throws NullPointerException if an argument is null
     */
    CompletableFuture<R> process(T item, Duration timeout);

    /**
     * Submits several items. They may be in different batches, together with items of other callers. The
     * {@code itemTimeout} of the batcher applies to each of them.
     *
     * <p>The future completes when every item is settled. If items failed, it fails with the first failure in the order
     * of the items, which is one of those above. Further failures are dropped. If an item is rejected, the others are
     * processed. Cancelling the future cancels every item.
     *
     * @param items the items; an empty collection completes immediately
     * @return the results; element i belongs to the i-th item in the collection's iteration order
     * @throws NullPointerException if the collection or an element is null; nothing is accepted then
     */
    CompletableFuture<List<R>> processAll(Collection<? extends T> items);
}
