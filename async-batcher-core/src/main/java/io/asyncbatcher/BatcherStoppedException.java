package io.asyncbatcher;

/** The batcher was stopped before the item was in a batch. The item has not run, unless it was queued for a retry. */
public final class BatcherStoppedException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception. Used by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what to do
     * @param mayHaveRun the value of {@link #mayHaveRun()}
     */
    public BatcherStoppedException(String message, boolean mayHaveRun) {
        super(message, null, mayHaveRun);
    }
}
