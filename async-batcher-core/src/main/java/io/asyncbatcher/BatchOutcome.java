package io.asyncbatcher;

/** How a batch ended. */
public enum BatchOutcome {
    /** Every item succeeded. */
    SUCCESS,
    /** Some items succeeded, some failed. */
    PARTIAL,
    /** Every item failed: the processor threw, broke its contract, or said so of each item. */
    FAILURE,
    /**
     * The batch was cut off, the executor rejected it, or its processor ended in a {@code CancellationException} or let out a
     * {@link BatcherException} of another batcher.
     */
    ABORTED
}
