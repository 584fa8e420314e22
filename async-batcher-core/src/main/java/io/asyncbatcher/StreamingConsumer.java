package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a whole batch that reports the result of each item as it comes, and may throw anything.
 *
 * @param <T> the item
 * @param <R> the result
 */
@FunctionalInterface
public interface StreamingConsumer<T, R extends @Nullable Object> {

    /**
     * Handles one batch.
     *
     * @param batch the items in the order of their submission
     * @param results takes one report for each item, until this returns
     * @throws Exception to fail every item that has not been reported with it
     */
    void accept(List<T> batch, BatchResults<R> results) throws Exception;
}
