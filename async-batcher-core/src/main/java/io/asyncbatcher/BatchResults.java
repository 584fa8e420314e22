package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Takes the results of one call of a streaming processor as they come: each report settles its item at once, while the call
 * goes on with the others.
 *
 * <p>An item is known by its index in the list that the processor got. Reports are accepted from any thread until the
 * processor returns or, if it returns a stage, until the stage ends. A report doesn't block and runs no code of the callers:
 * their continuations run on the {@code completionExecutor}; without one, on a thread of the batcher's own, or on the batch's
 * thread once the processor has returned. What has been reported is not changed by how the call ends, by a {@code
 * batchTimeout} or by a stop.
 *
 * <p>A report that comes too late, and a second report of the same item, change nothing. A second report, and one after the
 * end of the call, are logged as warnings, once a batcher; one after the batch was given up (at its {@code batchTimeout} or
 * by a forced stop) is dropped without a word, and so is one whose item was ended by its caller or by its own timeout.
 *
 * @param <R> the result
 * @see BatchProcessor#streaming
 * @see AsyncBatchProcessor#streaming
 */
public interface BatchResults<R extends @Nullable Object> {

    /**
     * The item has succeeded. Where equal items are {@linkplain AsyncBatcher.Builder#deduplicate() merged}, all of them have.
     *
     * @param i the item's index in the list that the processor got
     * @param result what the item's caller gets; null is allowed
     * @throws IndexOutOfBoundsException if there is no such item; nothing is changed then
     */
    void success(int i, R result);

    /**
     * The item has failed, and it alone; it is not tried again. Where equal items are {@linkplain
     * AsyncBatcher.Builder#deduplicate() merged}, all of them have failed.
     *
     * @param i the item's index in the list that the processor got
     * @param cause what the item's caller's future fails with, as with {@link Outcome#failure}
     * @throws IndexOutOfBoundsException if there is no such item; nothing is changed then
     * @throws NullPointerException if the cause is null; nothing is changed then
     */
    void failure(int i, Throwable cause);
}
