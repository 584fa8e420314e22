package io.asyncbatcher;

/**
 * The timeout of the item expired, or {@code shedLoad} found that the item cannot be done in time. A queued item has
 * not run. An item in flight may have run.
 */
public final class ItemExpiredException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception. Used by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what to do
     * @param mayHaveRun the value of {@link #mayHaveRun()}
     */
    public ItemExpiredException(String message, boolean mayHaveRun) {
        super(message, null, mayHaveRun);
    }
}
