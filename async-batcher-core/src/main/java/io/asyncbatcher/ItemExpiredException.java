package io.asyncbatcher;

/** The item's own timeout passed. A queued item has not run; one that was in flight may have. */
public final class ItemExpiredException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what to do
     * @param mayHaveRun as {@link #mayHaveRun()} answers
     */
    public ItemExpiredException(String message, boolean mayHaveRun) {
        super(message, null, mayHaveRun);
    }
}
