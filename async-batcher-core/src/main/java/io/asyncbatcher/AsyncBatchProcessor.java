package io.asyncbatcher;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The user's batch function where it doesn't block: it starts the work and returns a stage.
 *
 * <p>It is called on the batcher's executor. The batch holds its slot until the stage ends, and its items are then
 * settled on the thread that completed the stage (or on the {@code completionExecutor}). Everything else is as said at
 * {@link BatchProcessor}. A stage that fails, fails every item with its cause ({@code CompletionException} and
 * {@code ExecutionException} are peeled off); a null stage is a {@link BatchResultException}; a cancelled one is a
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
     * @param batch one to {@code maxBatchSize} items in the order of their submission
     * @return a stage of the results; element i is the result of item i
     * @throws Exception to fail every item of the batch with it
     */
    CompletionStage<List<R>> processBatch(List<T> batch) throws Exception;

    /**
     * A processor that answers by key, as {@link BatchProcessor#keyed}.
     *
     * @param function gets the batch and returns a stage of a map from item to result
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, @Nullable R> keyed(
            BatchFunction<T, ? extends CompletionStage<? extends Map<? super T, ? extends R>>> function) {
        return batch -> {
            List<T> items = List.copyOf(batch);
            return Results.stage(function.apply(batch)).thenApply(map -> Results.byKey(items, map));
        };
    }

    /**
     * A processor without results, as {@link BatchProcessor#consuming}.
     *
     * @param function gets the batch and returns a stage whose value is ignored
     */
    static <T> AsyncBatchProcessor<T, @Nullable Void> consuming(
            BatchFunction<T, ? extends CompletionStage<?>> function) {
        return batch -> {
            int size = batch.size();
            return Results.stage(function.apply(batch)).thenApply(ignored -> Collections.nCopies(size, null));
        };
    }

    /**
     * A processor whose items end each in its own way, as {@link BatchProcessor#withOutcomes}.
     *
     * @param function gets the batch and returns a stage of one outcome an item
     */
    static <T, R extends @Nullable Object> AsyncBatchProcessor<T, R> withOutcomes(
            BatchFunction<T, ? extends CompletionStage<? extends List<? extends Outcome<R>>>> function) {
        return new AsyncOutcomeProcessor<>(function);
    }
}
