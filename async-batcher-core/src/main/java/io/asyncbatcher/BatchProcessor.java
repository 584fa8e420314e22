package io.asyncbatcher;

import io.asyncbatcher.internal.call.OutcomeProcessor;
import io.asyncbatcher.internal.call.Results;
import io.asyncbatcher.internal.call.StreamingProcessor;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The user's batch function: one call for many items.
 *
 * <p>Results that come in an order of their own, as from a database, are matched with the items:
 *
 * <pre>{@code
 * BatchProcessor.matching(ids -> repository.findAllById(ids), Price::id)      // [2, 1, 9] -> [one, two]
 * }</pre>
 *
 * {@link #keyed} takes them from a map, {@link #consuming} is for work without results, and {@link #withOutcomes} and
 * {@link #keyedOutcomes} are for items of one batch that end differently. {@link #streaming} gives each result to its caller
 * while the batch goes on.
 *
 * <p>It is called on the batcher's executor, by up to {@code concurrency} threads at once, never with an empty list. The
 * list can't be changed ({@link UnsupportedOperationException}); it may be kept.
 *
 * <p><b>By position.</b> An implementation of {@link #processBatch} itself returns the same number of results in the same
 * order: element i is the result of item i; null results are allowed. Right:
 *
 * <pre>{@code
 * ids -> ids.stream().map(byId::get).toList()      // [2, 1, 9] -> [two, one, null]
 * }</pre>
 *
 * Wrong, because the results' positions no longer say whose they are: where the number differs, every item of the batch
 * fails with {@link BatchResultException}; where it doesn't, nobody notices that callers get each other's results:
 *
 * <pre>{@code
 * ids -> repository.findAllById(ids)               // [2, 1, 9] -> [one, two]
 * }</pre>
 *
 * <p>Whatever it throws, {@link Error}s included, fails every item of the batch with just that throwable; the batcher
 * goes on. A {@link BatcherException} of another batcher that it uses, and a {@link
 * java.util.concurrent.CancellationException}, reach the callers as the cause of a {@link BatchAbortedException}, whether
 * thrown or as an {@link Outcome}'s. It is interrupted when the batcher is stopped by force.
 *
 * @param <T> the item
 * @param <R> the result
 */
@FunctionalInterface
public interface BatchProcessor<T, R extends @Nullable Object> {

    /**
     * Processes one batch.
     *
     * @param batch one to {@code maxBatchSize} items in the order of their submission; unmodifiable
     * @return the same number of results in the same order: element i is the result of item i
     * @throws Exception to fail every item of the batch with it
     */
    List<R> processBatch(List<T> batch) throws Exception;

    /**
     * A processor that answers by key: each item's result is the value of the key that equals the item, or null where
     * the map has none. Equal items in one batch all get the answer. A map that isn't empty, of which no key equals any
     * item of a batch of two or more, is logged as a warning, once a batcher: its keys differ from the items in type or
     * case, or have no {@code equals}. An item whose {@code equals} or {@code hashCode} throws fails alone, with what it throws.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns a map from item to result; null is a {@link BatchResultException}
     * @return the processor
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, @Nullable R> keyed(
            BatchFunction<T, ? extends Map<? super T, ? extends R>> function) {
        return batch -> {
            List<T> items = Collections.unmodifiableList(batch);
            return Results.byKey(items, function.apply(items));
        };
    }

    /**
     * A processor whose results come in any order, and each says which item it belongs to. An item without a result gets
     * null; equal items in one batch all get the result. Elements that are null are passed over.
     *
     * <p>A {@link BatchResultException} for the whole batch is: null instead of a collection, a result that belongs to no
     * item of the batch, and a second result of an item. Where several items are equal there may be as many results of
     * them, which are equal too. An item whose {@code equals} or {@code hashCode} throws fails alone, with what it throws.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns the results
     * @param item gives the item that a result belongs to; called on the batch's thread, and what it throws fails the batch
     * @return the processor
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, @Nullable R> matching(
            BatchFunction<T, ? extends Collection<? extends R>> function, Function<? super R, ? extends T> item) {
        Objects.requireNonNull(item, "item");
        return batch -> {
            List<T> items = Collections.unmodifiableList(batch);
            return Results.matching(items, function.apply(items), item);
        };
    }

    /**
     * A processor without results: every item's future is completed with null once the batch is done.
     *
     * @param <T> the item
     * @param consumer gets the batch
     * @return the processor
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
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns one outcome an item, in the items' order; null as list or element is a
     *     {@link BatchResultException} for the whole batch
     * @return the processor
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, R> withOutcomes(
            BatchFunction<T, ? extends List<? extends Outcome<R>>> function) {
        return new OutcomeProcessor<>(function);
    }

    /**
     * A processor whose items end each in its own way, told by key as with {@link #keyed}. An item without a key in the map
     * fails with a {@link java.util.NoSuchElementException}.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns a map from item to outcome; null as map or value is a {@link
     *     BatchResultException} for the whole batch
     * @return the processor
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, R> keyedOutcomes(
            BatchFunction<T, ? extends Map<? super T, ? extends Outcome<R>>> function) {
        return new OutcomeProcessor<>(batch -> Results.outcomesByKey(batch, function.apply(batch)));
    }

    /**
     * A processor that reports each item's end as it comes: its caller has the result at once, and doesn't wait for the rest
     * of the batch.
     *
     * <pre>{@code
     * BatchProcessor.<Prompt, String>streaming((prompts, results) ->
     *         model.generate(prompts, (i, text) -> results.success(i, text)))
     * }</pre>
     *
     * <p>The batch holds its slot until the function returns. An item that has not been reported by then fails with a {@link
     * BatchResultException}. If the function throws, what has been reported stays so, and the rest fails with what it throws;
     * with {@code isolateFailures} only the rest is halved, and after a {@link RateLimitedException} only the rest goes back
     * to the queue. An exception that comes after the last report concerns no item and is logged.
     *
     * @param consumer gets the batch and what takes its reports
     * @param <T> the item
     * @param <R> the result
     * @return the processor
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, R> streaming(StreamingConsumer<T, R> consumer) {
        Objects.requireNonNull(consumer, "consumer");
        return new StreamingProcessor<>((batch, results) -> {
            consumer.accept(batch, results);
            return batch;
        });
    }
}
