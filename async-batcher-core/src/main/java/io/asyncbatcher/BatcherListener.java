package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets the events of a batcher, for metrics and tracing.
 *
 * <p>Methods are called on the thread on which the event happened: that of a caller, of a batch, or of the batcher.
 * Several threads may call them at the same time. They are never called under a lock or on a timer thread. They should
 * not block. An exception is logged and has no other effect. Times are in nanoseconds. No method gets an item or a
 * result.
 */
public interface BatcherListener {

    /**
     * An item was not accepted.
     *
     * @param batcher the batcher's name
     * @param reason the reason
     */
    default void onRejected(String batcher, RejectionReason reason) {}

    /**
     * A batch is about to be handed to the processor.
     *
     * @param batcher the batcher's name
     * @param reason why it left the queue
     * @param queueNanos for each of its items the time from submission to dispatch; do not change or keep the array
     */
    default void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {}

    /**
     * A batch has ended. Its items are settled next, except those that a
     * {@linkplain BatchProcessor#streaming streaming} processor has reported.
     *
     * @param batcher the batcher's name
     * @param outcome how it ended
     * @param size the number of items that the processor was called with
     * @param durationNanos the time that the processor took
     */
    default void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {}

    /**
     * An accepted item is about to be settled, or its caller has cancelled or completed it. Called exactly once for
     * each item. If this method does not return within about a millisecond, another thread may settle the item
     * meanwhile.
     *
     * @param batcher the batcher's name
     * @param outcome how it ended
     * @param latencyNanos the time since its submission
     */
    default void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {}

    /**
     * Items of a batch return to the queue to be retried, because of {@link Outcome#retry}. Called before
     * {@link #onFinished}. Not called for a {@link RateLimitedException}, which does not count as an attempt.
     *
     * @param batcher the batcher's name
     * @param items the number of items
     */
    default void onRetried(String batcher, int items) {}

    /**
     * Items are not passed to the processor, because an equal item is; they get its result. Called before the call,
     * once for each batch, even if the batch is halved later.
     *
     * @param batcher the batcher's name
     * @param items the number of items
     */
    default void onDeduplicated(String batcher, int items) {}

    /**
     * A call of the processor has failed, and its items are processed again in two halves.
     *
     * @param batcher the batcher's name
     * @param items the number of items of the call that has failed
     */
    default void onHalved(String batcher, int items) {}

    /**
     * A rate limit, or a {@link RateLimitedException}, has delayed queued items although a slot was free. Called when
     * the delay is over, before the next call.
     *
     * @param batcher the batcher's name
     * @param heldNanos the duration of the delay
     */
    default void onRateLimited(String batcher, long heldNanos) {}

    /**
     * An item is being submitted. It is neither accepted nor rejected yet. Called on the thread of the caller, so that
     * the listener can read the context of this thread.
     *
     * @param batcher the batcher's name
     * @return a context that is kept with the item until it is settled, or null. {@link #onBatch} gets it with the
     *     batch of the item. It is current while listeners are called for the settlement of the item
     */
    default @Nullable ListenerContext onSubmitted(String batcher) {
        return null;
    }

    /**
     * A batch is about to begin, on the thread that calls the processor; {@link #onDispatched} comes next.
     *
     * @param batcher the batcher's name
     * @param reason why it left the queue
     * @param size the number of its items
     * @param callers the contexts that this listener returned from {@link #onSubmitted} for those items, in their
     *     order, without nulls
     * @return a context that is current for the batch, or null
     */
    default @Nullable BatchContext onBatch(
            String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
        return null;
    }
}
