package io.asyncbatcher.internal.call;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.BatchFunction;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.Outcome;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How a batch calls the user's function: every shape of processor brought into one. */
public final class Call<T> {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");

    private final BatchFunction<T, ?> function;
    private final boolean inStage;
    private final boolean outcomes;
    private final AtomicBoolean mismatched = new AtomicBoolean();

    /**
     * A kind of call.
     *
     * @param function gets the batch and returns a list by position, or a stage of one
     * @param inStage whether what it returns is a {@link CompletionStage}
     * @param outcomes whether the list's elements are {@link Outcome}s instead of results
     */
    private Call(BatchFunction<T, ?> function, boolean inStage, boolean outcomes) {
        this.function = function;
        this.inStage = inStage;
        this.outcomes = outcomes;
    }

    public static <T, R extends @Nullable Object> Call<T> of(BatchProcessor<T, R> processor) {
        return processor instanceof OutcomeProcessor<T, R> telling
                ? new Call<>(telling.function(), false, true)
                : new Call<>(processor::processBatch, false, false);
    }

    public static <T, R extends @Nullable Object> Call<T> ofAsync(AsyncBatchProcessor<T, R> processor) {
        return processor instanceof AsyncOutcomeProcessor<T, R> telling
                ? new Call<>(telling.function(), true, true)
                : new Call<>(processor::processBatch, true, false);
    }

    /** Calls the function. It can't change the list: what it returns belongs to the items by their positions. */
    @Nullable
    public Object apply(List<T> batch) throws Exception {
        return function.apply(Collections.unmodifiableList(batch));
    }

    public boolean inStage() {
        return inStage;
    }

    public boolean outcomes() {
        return outcomes;
    }

    /**
     * Reads so many results or outcomes into an array; what it throws fails the whole call. True if there may be outcomes or
     * {@link LookupFailure}s among them.
     */
    public boolean read(@Nullable Object returned, String batcher, @Nullable Object[] target, int from, int count) {
        if (!(returned instanceof List<?> results)) {
            throw breach(returned == null ? "null" : "a " + returned.getClass().getName() + ", which is no List");
        }
        if (results.size() != count) {
            throw breach(results.size() + " results");
        }
        if (results instanceof ByItem<?> byItem) {
            warnOfMismatch(byItem, batcher);
            copy(byItem.said(), target, from, count);
            return outcomes || byItem.hasFailures();
        }
        copy(results, target, from, count);
        return outcomes;
    }

    private void copy(List<?> results, @Nullable Object[] target, int from, int count) {
        int i = 0;
        for (Object result : results) {
            if (i == count) {
                throw breach("more results than its list's size says");
            }
            if (outcomes && !(result instanceof Outcome<?> || result instanceof LookupFailure)) {
                throw breach("null as the outcome of item " + i);
            }
            target[from + i++] = result;
        }
        if (i < count) {
            throw breach("fewer results than its list's size says");
        }
    }

    private void warnOfMismatch(ByItem<?> results, String batcher) {
        if (results.mismatch() != null && mismatched.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "In the map that the processor of batcher '" + batcher + "' returned for a batch of "
                            + results.size() + " items, no key equals an item: the keys are " + results.mismatch()
                            + ". Return a map whose keys equal the items, in type, case and equals(). This is logged"
                            + " once a batcher");
        }
    }

    private static BatchResultException breach(String returned) {
        return new BatchResultException("it returned " + returned + "; return one element an item, in the items' order"
                + " (or use BatchProcessor.keyed or BatchProcessor.matching)");
    }
}
