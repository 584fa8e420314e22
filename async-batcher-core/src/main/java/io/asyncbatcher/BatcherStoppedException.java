package io.asyncbatcher;

/** The batcher was stopped before the item was in a batch: it has not run. */
public final class BatcherStoppedException extends BatcherException {

    private static final long serialVersionUID = 1L;

    BatcherStoppedException(String message) {
        super(message, null, false);
    }
}
