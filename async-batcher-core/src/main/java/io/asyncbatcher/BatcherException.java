package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Base class of failures raised by the batcher rather than the processor. Exceptions of the processor reach the callers
 * unchanged. Messages contain the name of the batcher and counts, never an item. Many callers may get the same
 * instance, so do not change it.
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
     * Whether the processor may have been called with the item. If false, the item can be submitted again without
     * processing it twice.
     *
     * @return false if the item has certainly not run
     */
    public final boolean mayHaveRun() {
        return mayHaveRun;
    }
}
