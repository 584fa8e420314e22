package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Observes a batcher: for metrics and tracing.
 *
 * <p>Methods are called by the thread on which the event happened (a caller's, a batch's, one of the batcher's own),
 * possibly by several at once, never under a lock and never on a timer thread. They should not block. What one throws is
 * logged and goes no further. Times are nanoseconds. No method gets to see an item or a result.
 */
public interface BatcherListener {

    /**
     * An item was not accepted.
     *
     * @param batcher the batcher's name
     * @param reason why
     */
    default void onRejected(String batcher, RejectionReason reason) {}

    /**
     * A batch is about to be handed to the processor.
     *
     * @param batcher the batcher's name
     * @param reason why it left the queue now
     * @param queueNanos for each of its items the time from submission to dispatch; do not change or keep the array
     */
    default void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {}

    /**
     * A batch has ended; its items are settled next, but for those that a {@linkplain BatchProcessor#streaming streaming}
     * processor has reported.
     *
     * @param batcher the batcher's name
     * @param outcome how
     * @param size the number of items that the processor was called with
     * @param durationNanos the time that the processor took
     */
    default void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {}

    /**
     * An accepted item is about to be settled, or was just ended by its caller. Called exactly once an item.
     *
     * @param batcher the batcher's name
     * @param outcome how
     * @param latencyNanos the time since its submission
     */
    default void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {}

    /**
     * Items of a batch go back to the queue to be tried again, because the processor has asked for it by {@link
     * Outcome#retry}. Told before {@link #onFinished}. A {@link RateLimitedException} is no attempt and isn't told here.
     *
     * @param batcher the batcher's name
     * @param items how many
     */
    default void onRetried(String batcher, int items) {}

    /**
     * Items are left out of the call that is about to begin, because an equal item is in it; they get its result. Told once
     * a batch, also where the batch is halved later.
     *
     * @param batcher the batcher's name
     * @param items how many
     */
    default void onDeduplicated(String batcher, int items) {}

    /**
     * A call of the processor has failed, and its items are called again in two halves.
     *
     * @param batcher the batcher's name
     * @param items the number of items of the call that has failed
     */
    default void onHalved(String batcher, int items) {}

    /**
     * A rate limit, or a {@link RateLimitedException}, has held queued items back though a slot was free. Told when it is
     * over, before the call that comes next.
     *
     * @param batcher the batcher's name
     * @param heldNanos for how long
     */
    default void onRateLimited(String batcher, long heldNanos) {}

    /**
     * An item is being submitted, on its caller's thread, and is neither accepted nor rejected yet: the time to look at
     * what is current there.
     *
     * @param batcher the batcher's name
     * @return kept with the item until it is settled: {@link #onBatch} gets it with the batch that the item is in, and it
     *     is current while listeners hear of the item's settlement. Null = nothing
     */
    default @Nullable ListenerContext onSubmitted(String batcher) {
        return null;
    }

    /**
     * A batch is about to begin, on the thread that calls the processor; {@link #onDispatched} comes next.
     *
     * @param batcher the batcher's name
     * @param reason why it left the queue now
     * @param size the number of its items
     * @param callers what this listener returned from {@link #onSubmitted} for those items, in their order, without nulls
     * @return what is to be current for the batch; null = nothing
     */
    default @Nullable BatchContext onBatch(
            String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
        return null;
    }
}
