package io.asyncbatcher;

import io.asyncbatcher.internal.call.AsyncOutcomeProcessor;
import io.asyncbatcher.internal.call.AsyncStreamingProcessor;
import io.asyncbatcher.internal.call.Results;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The batch function of the user in its asynchronous form: it starts the work and returns a stage.
 *
 * <p>The processor is called on the executor of the batcher. The batch holds its slot until the stage completes. Its
 * items are then settled on the thread that completed the stage, or on the {@code completionExecutor}. Everything else
 * is as for {@link BatchProcessor}. If the stage fails, every item fails with its cause ({@code CompletionException}
 * and {@code ExecutionException} are unwrapped). A null stage is a {@link BatchResultException}. A cancelled stage is a
 * {@link BatchAbortedException}.
 *
 * @param <T> the item
 * @param <R> the result
 */
@FunctionalInterface
public interface AsyncBatchProcessor<T, R extends @Nullable Object> {

    /**
     * Starts the processing of one batch.
     *
     * @param batch one to {@code maxBatchSize} items in the order of their submission; unmodifiable
     * @return a stage of the same number of results in the same order: element i is the result of item i
     * @throws Exception to fail every item of the batch with it
     */
    CompletionStage<List<R>> processBatch(List<T> batch) throws Exception;

    /**
     * A processor with results by key, as {@link BatchProcessor#keyed}.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns a stage of a map from item to result
     * @return the processor
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, @Nullable R> keyed(
            BatchFunction<T, ? extends CompletionStage<? extends Map<? super T, ? extends R>>> function) {
        return batch -> {
            List<T> items = Collections.unmodifiableList(batch);
            return Results.stage(function.apply(items)).thenApply(map -> Results.byKey(items, map));
        };
    }

    /**
     * A processor with results in any order, as {@link BatchProcessor#matching}.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns a stage of the results
     * @param item returns the item of a result; called on the thread that completes the stage
     * @return the processor
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, @Nullable R> matching(
            BatchFunction<T, ? extends CompletionStage<? extends Collection<? extends R>>> function,
            Function<? super R, ? extends T> item) {
        Objects.requireNonNull(item, "item");
        return batch -> {
            List<T> items = Collections.unmodifiableList(batch);
            return Results.stage(function.apply(items)).thenApply(results -> Results.matching(items, results, item));
        };
    }

    /**
     * A processor without results, as {@link BatchProcessor#consuming}.
     *
     * @param <T> the item
     * @param function gets the batch and returns a stage whose value is ignored
     * @return the processor
     */
    static <T> AsyncBatchProcessor<T, @Nullable Void> consuming(
            BatchFunction<T, ? extends CompletionStage<?>> function) {
        return batch -> {
            int size = batch.size();
            return Results.stage(function.apply(batch)).thenApply(ignored -> Collections.nCopies(size, null));
        };
    }

    /**
     * A processor with one outcome for each item, as {@link BatchProcessor#withOutcomes}.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns a stage of one outcome for each item
     * @return the processor
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, R> withOutcomes(
            BatchFunction<T, ? extends CompletionStage<? extends List<? extends Outcome<R>>>> function) {
        return new AsyncOutcomeProcessor<>(function);
    }

    /**
     * A processor with one outcome for each item, by key, as {@link BatchProcessor#keyedOutcomes}.
     *
     * @param <T> the item
     * @param <R> the result
     * @param function gets the batch and returns a stage of a map from item to outcome
     * @return the processor
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, R> keyedOutcomes(
            BatchFunction<T, ? extends CompletionStage<? extends Map<? super T, ? extends Outcome<R>>>> function) {
        return new AsyncOutcomeProcessor<>(batch ->
                Results.stage(function.apply(batch)).thenApply(map -> Results.<T, R>outcomesByKey(batch, map)));
    }

    /**
     * A processor that reports the outcome of each item as soon as it has it, as {@link BatchProcessor#streaming},
     * until the stage completes.
     *
     * @param function gets the batch and the receiver of its reports, and returns a stage whose value is ignored
     * @param <T> the item
     * @param <R> the result
     * @return the processor
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, R> streaming(
            StreamingFunction<T, R, ? extends CompletionStage<?>> function) {
        return new AsyncStreamingProcessor<>(Objects.requireNonNull(function, "function"));
    }
}
