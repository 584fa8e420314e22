package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * What a batcher itself has to say against an item; failures of the processor reach the caller as they were thrown.
 * Messages carry the batcher's name and counts, never an item.
 */
public abstract sealed class BatcherException extends RuntimeException
        permits BatchAbortedException,
                BatchResultException,
                BatcherStoppedException,
                ItemExpiredException,
                ItemTooHeavyException,
                QueueFullException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveRun;

    BatcherException(String message, @Nullable Throwable cause, boolean mayHaveRun) {
        super(message, cause);
        this.mayHaveRun = mayHaveRun;
    }

    /**
     * Whether the item was ever in a batch that the processor was called with. False means that submitting it again
     * can't do anything twice.
     */
    public final boolean mayHaveRun() {
        return mayHaveRun;
    }
}
