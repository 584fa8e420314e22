package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a whole batch that reports the result of each item as soon as it has it. It may throw any exception.
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
     * @param results receives one report for each item, until this method returns
     * @throws Exception to fail every item without a report with this exception
     */
    void accept(List<T> batch, BatchResults<R> results) throws Exception;
}
