package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * The batch of the item was aborted by one of these: a forced stop; its {@code batchTimeout}; a processor that ended
 * with a {@link java.util.concurrent.CancellationException} (the cause); an executor that rejected the batch (the cause
 * is a {@link java.util.concurrent.RejectedExecutionException}, and the item has not run); or a processor that ended
 * with a {@link BatcherException} of another batcher (the cause). The cause, and its {@link #mayHaveRun}, are about the
 * item of the other batcher.
 */
public final class BatchAbortedException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception. Used by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what happened
     * @param cause what aborted the batch, or null
     * @param mayHaveRun the value of {@link #mayHaveRun()}
     */
    public BatchAbortedException(String message, @Nullable Throwable cause, boolean mayHaveRun) {
        super(message, cause, mayHaveRun);
    }
}
