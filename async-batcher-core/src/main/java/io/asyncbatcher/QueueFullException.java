package io.asyncbatcher;

/** The queue was full, and stayed so for {@code maxBlockTime} where the batcher blocks. The item was not accepted. */
public final class QueueFullException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher and which limit
     */
    public QueueFullException(String message) {
        super(message, null, false);
    }
}
