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
 * The batch function of the user: one call processes many items.
 *
 * <p>Results in any order, for example of a database, are matched with the items:
 *
 * <pre>{@code
 * BatchProcessor.matching(ids -> repository.findAllById(ids), Price::id)      // [2, 1, 9] -> [one, two]
 * }</pre>
 *
 * {@link #keyed} takes results from a map. {@link #consuming} is for work without results. {@link #withOutcomes} and
 * {@link #keyedOutcomes} are for batches whose items end differently. With {@link #streaming}, each caller gets its
 * result while the batch is still being processed.
 *
 * <p>The processor is called on the executor of the batcher, by at most {@code concurrency} threads at the same time,
 * never with an empty list. The list is unmodifiable. The processor may keep it.
 *
 * <p><b>By position.</b> An implementation of {@link #processBatch} returns the same number of results in the same
 * order: element i is the result of item i. Null results are allowed. Right:
 *
 * <pre>{@code
 * ids -> ids.stream().map(byId::get).toList()      // [2, 1, 9] -> [two, one, null]
 * }</pre>
 *
 * Wrong, because the positions of results and items differ. If the number of results differs too, every item of the
 * batch fails with {@link BatchResultException}. If it does not, the error is not detected, and callers get the results
 * of others:
 *
 * <pre>{@code
 * ids -> repository.findAllById(ids)               // [2, 1, 9] -> [one, two]
 * }</pre>
 *
 * <p>If the processor throws an exception or an {@link Error}, every item of the batch fails with this throwable, and
 * the batcher continues. A {@link BatcherException} of another batcher, and a
 * {@link java.util.concurrent.CancellationException}, are the cause of a {@link BatchAbortedException} that the callers
 * get. This applies whether they are thrown or in an {@link Outcome}. The thread of the processor is interrupted by a
 * forced stop.
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
     * A processor with results by key: the result of an item is the value of the key that equals the item, or null if
     * there is none. Equal items of a batch all get the result. If the map is not empty and none of its keys equals an
     * item of a batch of two or more, a warning is logged, once for each batcher: the keys have another type or case
     * than the items, or no {@code equals}. If {@code equals} or {@code hashCode} of an item throws, only that item
     * fails, with this exception.
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
     * A processor with results in any order. A function returns the item of each result. An item without a result gets
     * null. Equal items of a batch all get the result. Null elements are ignored.
     *
     * <p>The whole batch fails with a {@link BatchResultException} if the function returns null, if a result belongs to
     * no item of the batch, or if an item has two results. If several items are equal, there may be as many results for
     * them. If {@code equals} or {@code hashCode} of an item throws, only that item fails, with this exception.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns the results
     * @param item returns the item of a result. It is called on the thread of the batch, and its exception fails the
     *     batch
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
     * A processor without results: the future of every item completes with null when the batch is done.
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
     * A processor with one outcome for each item.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns one outcome for each item, in the order of the items; null as list or
     *     element is a {@link BatchResultException} for the whole batch
     * @return the processor
     */
    static <T, R extends @Nullable Object> BatchProcessor<T, R> withOutcomes(
            BatchFunction<T, ? extends List<? extends Outcome<R>>> function) {
        return new OutcomeProcessor<>(function);
    }

    /**
     * A processor with one outcome for each item, by key as with {@link #keyed}. An item without a key in the map fails
     * with a {@link java.util.NoSuchElementException}.
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
     * A processor that reports the outcome of each item as soon as it has it. The caller gets the result immediately,
     * and does not wait for the rest of the batch.
     *
     * <pre>{@code
     * BatchProcessor.<Prompt, String>streaming((prompts, results) ->
     *         model.generate(prompts, (i, text) -> results.success(i, text)))
     * }</pre>
     *
     * <p>The batch holds its slot until the function returns. An item without a report then fails with a
     * {@link BatchResultException}. If the function throws, the reported items do not change, and the other items fail
     * with this exception. With {@code isolateFailures} only the other items are halved. After a
     * {@link RateLimitedException} only the other items return to the queue. An exception after the last report affects
     * no item and is logged.
     *
     * @param consumer gets the batch and the receiver of its reports
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
