package io.asyncbatcher;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How a batch calls the user's function: every shape of processor brought into one.
 *
 * @param function gets the batch and returns a list by position, or a stage of one
 * @param inStage whether what it returns is a {@link CompletionStage}
 * @param outcomes whether the list's elements are {@link Outcome}s instead of results
 */
record Call<T>(BatchFunction<T, ?> function, boolean inStage, boolean outcomes) {

    static <T, R extends @Nullable Object> Call<T> of(BatchProcessor<T, R> processor) {
        return processor instanceof OutcomeProcessor<T, R> telling
                ? new Call<>(telling.function(), false, true)
                : new Call<>(processor::processBatch, false, false);
    }

    static <T, R extends @Nullable Object> Call<T> ofAsync(AsyncBatchProcessor<T, R> processor) {
        return processor instanceof AsyncOutcomeProcessor<T, R> telling
                ? new Call<>(telling.function(), true, true)
                : new Call<>(processor::processBatch, true, false);
    }

    /** Reads so many results or outcomes into an array; what it throws fails the whole call. */
    void read(@Nullable Object returned, String batcher, @Nullable Object[] target, int from, int count) {
        if (!(returned instanceof List<?> results)) {
            throw new BatchResultException(breach(batcher, "null", count));
        }
        if (results.size() != count) {
            throw new BatchResultException(breach(batcher, results.size() + " results", count));
        }
        int i = 0;
        for (Object result : results) {
            if (i == count) {
                throw new BatchResultException(breach(batcher, "more results than its list's size says", count));
            }
            if (outcomes && !(result instanceof Outcome<?>)) {
                throw new BatchResultException(breach(batcher, "null as the outcome of item " + i, count));
            }
            target[from + i++] = result;
        }
        if (i < count) {
            throw new BatchResultException(breach(batcher, "fewer results than its list's size says", count));
        }
    }

    private static String breach(String batcher, String returned, int count) {
        return "The processor of batcher '" + batcher + "' returned " + returned + " for a batch of " + count
                + " items; return one element an item, in the items' order (or use BatchProcessor.keyed)";
    }
}
