package io.asyncbatcher;

/** The queue was full, and stayed so for {@code maxBlockTime} where the batcher blocks. The item was not accepted. */
public final class QueueFullException extends BatcherException {

    private static final long serialVersionUID = 1L;

    QueueFullException(String message) {
        super(message, null, false);
    }
}
