package io.asyncbatcher;

/**
 * The item is heavier than {@code maxBatchWeight}, so no batch can contain it. It was not accepted, or the limit was
 * lowered while it was queued.
 */
public final class ItemTooHeavyException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception. Used by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what to do
     * @param mayHaveRun the value of {@link #mayHaveRun()}
     */
    public ItemTooHeavyException(String message, boolean mayHaveRun) {
        super(message, null, mayHaveRun);
    }
}
