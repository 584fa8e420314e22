package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Receives the results of one call of a streaming processor. Each report settles its item immediately, while the call
 * continues with the other items.
 *
 * <p>An item is identified by its index in the list that the processor got. Reports are accepted from any thread until
 * the processor returns or, if it returns a stage, until the stage completes. A report does not block and runs no code
 * of the callers. Their continuations run on the {@code completionExecutor}. Without one, they run on a thread of the
 * batcher, or on the thread of the batch after the processor has returned. A report is final: the end of the call, a
 * {@code batchTimeout} or a stop does not change it.
 *
 * <p>A late report, and a second report of the same item, have no effect. A second report, and a report after the end
 * of the call, are logged as warnings, once for each batcher. These are dropped without a warning: a report after the
 * batch was given up (at its {@code batchTimeout} or by a forced stop), and a report of an item that its caller has
 * completed or whose timeout has expired.
 *
 * @param <R> the result
 * @see BatchProcessor#streaming
 * @see AsyncBatchProcessor#streaming
 */
public interface BatchResults<R extends @Nullable Object> {

    /**
     * The item succeeds. If equal items are {@linkplain AsyncBatcher.Builder#deduplicate() merged}, all of them
     * succeed.
     *
     * @param i the index of the item in the list that the processor got
     * @param result the result for the caller; null is allowed
     * @throws IndexOutOfBoundsException if there is no such item; nothing is changed then
     */
    void success(int i, R result);

    /**
     * The item fails, and is not retried. Other items are not affected. If equal items are
     * {@linkplain AsyncBatcher.Builder#deduplicate() merged}, all of them fail.
     *
     * @param i the index of the item in the list that the processor got
     * @param cause the exception with which the future of the caller fails, as with {@link Outcome#failure}
     * @throws IndexOutOfBoundsException if there is no such item; nothing is changed then
     * @throws NullPointerException if the cause is null; nothing is changed then
     */
    void failure(int i, Throwable cause);
}
