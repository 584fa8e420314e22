package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of a whole batch that reports the result of each item as it comes, and may throw anything.
 *
 * @param <T> the item
 * @param <R> the result
 * @param <V> what it returns: a stage
 */
@FunctionalInterface
public interface StreamingFunction<T, R extends @Nullable Object, V extends @Nullable Object> {

    /**
     * Handles one batch.
     *
     * @param batch the items in the order of their submission
     * @param results takes one report for each item, until the stage that this returns has ended
     * @return a stage; no report is accepted after its end
     * @throws Exception to fail every item that has not been reported with it
     */
    V apply(List<T> batch, BatchResults<R> results) throws Exception;
}
