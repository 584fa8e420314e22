package io.asyncbatcher;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands single items to a batcher and gets each item's own result back: all that application code needs.
 *
 * <p>Safe for use by many threads. No method throws because an item was rejected: a rejection is a failed future. With
 * {@link OverflowPolicy#REJECT} no method blocks; with {@link OverflowPolicy#BLOCK} submitting waits for room up to
 * {@code maxBlockTime}.
 *
 * <p>The returned futures belong to the caller: cancelling one, completing it by hand or putting a timeout on it gives
 * the item's room back and touches no other item. Without a {@code completionExecutor} a continuation that was added
 * before the item was settled runs on the batch's thread, so one that blocks delays the other items of its own batch.
 * A future fails with
 *
 * <ul>
 *   <li>{@link QueueFullException} when the queue was full,
 *   <li>{@link ItemTooHeavyException} when the item alone is heavier than {@code maxBatchWeight},
 *   <li>{@link BatcherStoppedException} when the batcher was stopped before the item was in a batch,
 *   <li>{@link ItemExpiredException} when the item's own timeout, or the batcher's {@code itemTimeout}, passed,
 *   <li>{@link BatchAbortedException} when its batch was cut off,
 *   <li>{@link BatchResultException} when the processor broke its contract,
 *   <li>whatever the processor threw, unwrapped, or gave as the item's {@link Outcome},
 *   <li>whatever the weigher or the function given to {@code partitionBy} threw, {@link IllegalArgumentException} for a
 *       negative weight, and {@link NullPointerException} for a null key,
 *   <li>{@link java.util.concurrent.CancellationException} when the caller cancelled it.
 * </ul>
 *
 * <p>Callers of one batch get the same instance of an exception. One that calls {@code addSuppressed} or {@code
 * setStackTrace} on it changes what the others see; wrap it instead.
 *
 * <p>On a thread that runs the batcher's own processor, {@code join} and {@code get} of a returned future throw {@link
 * IllegalStateException} where they would wait forever, because no slot is left for the item.
 *
 * @param <T> the item
 * @param <R> its result
 */
public interface BatcherClient<T, R extends @Nullable Object> {

    /**
     * Submits one item. The batcher's {@code itemTimeout}, if it has one, bounds the item's whole way; without one a
     * processor that hangs holds the caller forever.
     *
     * @param item what the processor will see; it must not be changed until the future is settled
     * @return the item's own result
     * @throws NullPointerException if the item is null
     */
    CompletableFuture<R> process(T item);

    /**
     * Submits one item that is worth something for a limited time only. An item that is still queued when its time is
     * over is never dispatched; one that is in flight is given up, its late result is dropped, and it may have run.
     *
     * @param item what the processor will see
     * @param timeout the bound on the item's whole way, counted from this call, in place of the batcher's {@code
     *     itemTimeout}; zero or less fails at once
     * @return the item's own result, or a failure with {@link ItemExpiredException}
     * @throws NullPointerException if an argument is null
     */
    CompletableFuture<R> process(T item, Duration timeout);

    /**
     * Submits several items, each on its own: they may end up in different batches, together with items of others.
     * The batcher's {@code itemTimeout} bounds each of them.
     *
     * <p>The future ends when every item has ended. If any failed, it fails with the first failure in the items' order,
     * which is one of those above; further failures are dropped. Rejection is per item: the others are processed.
     * Cancelling the future cancels every item.
     *
     * @param items the items; an empty collection is done at once
     * @return the results; element i belongs to the i-th item in the collection's iteration order
     * @throws NullPointerException if the collection or an element is null; nothing is accepted then
     */
    CompletableFuture<List<R>> processAll(Collection<? extends T> items);
}
