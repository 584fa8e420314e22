package io.asyncbatcher;

/** What happens to an item if the queue is full. */
public enum OverflowPolicy {
    /** Its future fails immediately with {@link QueueFullException}. */
    REJECT,

    /**
     * The submitting thread waits for room for at most {@code maxBlockTime}. Then the future fails with
     * {@link QueueFullException}. On a thread that runs the processor of the same batcher, this policy acts as
     * {@link #REJECT}.
     */
    BLOCK
}
