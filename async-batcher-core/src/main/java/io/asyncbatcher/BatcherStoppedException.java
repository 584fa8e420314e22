package io.asyncbatcher;

/**
 * The batcher was stopped before the item was in a batch: it has not run, unless it was queued to be tried again.
 */
public final class BatcherStoppedException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what to do
     * @param mayHaveRun as {@link #mayHaveRun()} answers
     */
    public BatcherStoppedException(String message, boolean mayHaveRun) {
        super(message, null, mayHaveRun);
    }
}
