package io.asyncbatcher;

import java.util.List;

/**
 * A consumer of a whole batch. It may throw any exception.
 *
 * @param <T> the item
 */
@FunctionalInterface
public interface BatchConsumer<T> {

    /**
     * Handles one batch.
     *
     * @param batch the items in the order of their submission
     * @throws Exception to fail every item of the batch with it
     */
    void accept(List<T> batch) throws Exception;
}
