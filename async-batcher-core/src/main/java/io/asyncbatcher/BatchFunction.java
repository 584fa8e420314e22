package io.asyncbatcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of a whole batch. It may throw any exception.
 *
 * @param <T> the item
 * @param <V> the type of its result: a map, a list of outcomes, a stage
 */
@FunctionalInterface
public interface BatchFunction<T, V extends @Nullable Object> {

    /**
     * Handles one batch.
     *
     * @param batch the items in the order of their submission
     * @return the result of the batch
     * @throws Exception to fail every item of the batch with it
     */
    V apply(List<T> batch) throws Exception;
}
