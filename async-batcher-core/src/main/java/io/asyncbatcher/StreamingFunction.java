package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of a whole batch that reports the result of each item as soon as it has it. It may throw any exception.
 *
 * @param <T> the item
 * @param <R> the result
 * @param <V> the type of its result, a stage
 */
@FunctionalInterface
public interface StreamingFunction<T, R extends @Nullable Object, V extends @Nullable Object> {

    /**
     * Handles one batch.
     *
     * @param batch the items in the order of their submission
     * @param results receives one report for each item, until the returned stage completes
     * @return a stage; no report is accepted after its completion
     * @throws Exception to fail every item without a report with this exception
     */
    V apply(List<T> batch, BatchResults<R> results) throws Exception;
}
