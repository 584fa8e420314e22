package io.asyncbatcher;

/** How a batch ended. */
public enum BatchOutcome {
    /** Every item succeeded. */
    SUCCESS,
    /** Some items succeeded, some failed. */
    PARTIAL,
    /** Every item failed: the processor threw, broke its contract, or returned a failure for each item. */
    FAILURE,
    /**
     * The batch was aborted, the executor rejected it, or its processor ended with a {@code CancellationException} or a
     * {@link BatcherException} of another batcher.
     */
    ABORTED
}
