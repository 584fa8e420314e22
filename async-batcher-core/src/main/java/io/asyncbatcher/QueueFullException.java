package io.asyncbatcher;

/**
 * The queue was full. With {@link OverflowPolicy#BLOCK}, it was full for the whole {@code maxBlockTime}. The item was
 * not accepted.
 */
public final class QueueFullException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception. Used by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher and which limit
     */
    public QueueFullException(String message) {
        super(message, null, false);
    }
}
