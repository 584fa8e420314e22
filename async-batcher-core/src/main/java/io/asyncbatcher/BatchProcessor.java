package io.asyncbatcher;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user's batch function: one call for many items.
 *
 * <p>It is called on the batcher's executor, by up to {@code concurrency} threads at once, never with an empty list.
 * The list is a copy of its own: changing or keeping it has no effect on anything. It must return exactly one result an
 * item, in the items' order; null results are allowed. Right:
 *
 * <pre>{@code
 * ids -> ids.stream().map(byId::get).toList()      // [2, 1, 9] -> [two, one, null]
 * }</pre>
 *
 * Wrong, because the results' positions no longer say whose they are (every item of the batch fails with
 * {@link BatchResultException} where the number differs; where it doesn't, callers would get each other's results):
 *
 * <pre>{@code
 * ids -> repository.findAllById(ids)               // [2, 1, 9] -> [one, two]
 * }</pre>
 *
 * For results that come by key use {@link #keyed}, for none {@link #consuming}, and where items of one batch end
 * differently {@link #withOutcomes}.
 *
 * <p>Whatever it throws, {@link Error}s included, fails every item of the batch with just that throwable; the batcher
 * goes on. It is interrupted when the batcher is stopped by force.
 *
 * @param <T> the item
 * @param <R> the result
 */
@FunctionalInterface
public interface BatchProcessor<T, R extends @Nullable Object> {

    /**
     * Processes one batch.
     *
     * @param batch one to {@code maxBatchSize} items in the order of their submission
     * @return element i is the result of item i
     * @throws Exception to fail every item of the batch with it
     */
    List<R> processBatch(List<T> batch) throws Exception;

    /**
     * A processor that answers by key: each item's result is the value of the key that equals the item, or null where
     * the map has none. Equal items in one batch all get the answer.
     *
     * @param function gets the batch and returns a map from item to result; null is a {@link BatchResultException}
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, @Nullable R> keyed(
            BatchFunction<T, ? extends Map<? super T, ? extends R>> function) {
        return batch -> {
            List<T> items = List.copyOf(batch);
            return Results.byKey(items, function.apply(batch));
        };
    }

    /**
     * A processor without results: every item's future is completed with null once the batch is done.
     *
     * @param consumer gets the batch
     */
    static <T> BatchProcessor<T, @Nullable Void> consuming(BatchConsumer<T> consumer) {
        return batch -> {
            int size = batch.size();
            consumer.accept(batch);
            return Collections.nCopies(size, null);
        };
    }

    /**
     * A processor whose items end each in its own way.
     *
     * @param function gets the batch and returns one outcome an item, in the items' order; null as list or element is a
     *     {@link BatchResultException} for the whole batch
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, R> withOutcomes(
            BatchFunction<T, ? extends List<? extends Outcome<R>>> function) {
        return new OutcomeProcessor<>(function);
    }
}
