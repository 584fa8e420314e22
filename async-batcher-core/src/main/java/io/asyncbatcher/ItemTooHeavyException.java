package io.asyncbatcher;

/**
 * The item alone is heavier than {@code maxBatchWeight}, so no batch could ever hold it. It was not accepted, or the limit
 * was lowered while it was queued.
 */
public final class ItemTooHeavyException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what to do
     * @param mayHaveRun as {@link #mayHaveRun()} answers
     */
    public ItemTooHeavyException(String message, boolean mayHaveRun) {
        super(message, null, mayHaveRun);
    }
}
