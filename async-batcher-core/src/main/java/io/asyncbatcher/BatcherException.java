package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Base class of failures raised by the batcher rather than the processor, whose own reach the caller as they were thrown.
 * Messages carry the batcher's name and counts, never an item. One instance may reach many callers: don't change it.
 */
public abstract sealed class BatcherException extends RuntimeException
        permits BatchAbortedException,
                BatchResultException,
                BatcherStoppedException,
                ItemExpiredException,
                ItemTooHeavyException,
                QueueFullException {

    private static final long serialVersionUID = 1L;

    /** Whether the item was ever in a batch that the processor was called with. */
    private final boolean mayHaveRun;

    BatcherException(String message, @Nullable Throwable cause, boolean mayHaveRun) {
        super(message, cause);
        this.mayHaveRun = mayHaveRun;
    }

    /**
     * Whether the item was ever in a batch that the processor was called with. False means that submitting it again
     * can't do anything twice.
     *
     * @return false if the item has certainly not run
     */
    public final boolean mayHaveRun() {
        return mayHaveRun;
    }
}
