package io.asyncbatcher;

/** What happens to an item that finds the queue full. */
public enum OverflowPolicy {
    /** Its future fails at once with {@link QueueFullException}. */
    REJECT,

    /**
     * The submitting thread waits for room, up to {@code maxBlockTime}, then the future fails with
     * {@link QueueFullException}. On a thread that runs this batcher's own processor it acts as {@link #REJECT}.
     */
    BLOCK
}
