package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * The item's batch was cut off: by a forced stop, by its {@code batchTimeout}, by a processor that ended in a {@link
 * java.util.concurrent.CancellationException} (the cause), or by an executor that rejected it (the cause is a {@link
 * java.util.concurrent.RejectedExecutionException}, and the item has not run). Or the processor let out a {@link
 * BatcherException} of a batcher that it uses (the cause): what that says, also by {@link #mayHaveRun}, is about another item.
 */
public final class BatchAbortedException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by the batcher, and by tests of code that handles it.
     *
     * @param message says which batcher, and what happened
     * @param cause what aborted the batch, or null
     * @param mayHaveRun as {@link #mayHaveRun()} answers
     */
    public BatchAbortedException(String message, @Nullable Throwable cause, boolean mayHaveRun) {
        super(message, cause, mayHaveRun);
    }
}
