package io.asyncbatcher.internal.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.BatchFunction;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.StreamingFunction;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How a batch calls the user's function: every shape of processor brought into one. */
public final class Call<T> {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");

    private final BatchFunction<T, ?> function;
    private final @Nullable StreamingFunction<T, @Nullable Object, ?> streaming;
    private final boolean inStage;
    private final boolean outcomes;

    /** Whether a wrong key has been told of. */
    @GuardedBy("this")
    private boolean mismatched;

    /** What has been told of; made for the first, because most processors do nothing wrong. */
    @GuardedBy("this")
    private @Nullable Set<Misreport> misreports;

    /** What a processor that reports its results has done wrong, and what to do. */
    public enum Misreport {
        TWICE("reported an item for a second time: only the first report of an item counts"),
        TOO_LATE("reported an item after it had returned, or its stage had ended: that changes nothing; return, or end"
                + " the stage, after the last report"),
        FAILED_AFTER_ALL("failed after it had reported all items of a batch: no caller hears of that");

        private final String text;

        Misreport(String text) {
            this.text = text;
        }
    }

    /**
     * A kind of call.
     *
     * @param function gets the batch and returns a list by position, or a stage of one
     * @param streaming the same for a processor that reports results as they come; null = it returns them
     * @param inStage whether what it returns is a {@link CompletionStage}
     * @param outcomes whether the list's elements are {@link Outcome}s instead of results
     */
    @SuppressWarnings("unchecked") // it is given results of its own type only
    private Call(
            BatchFunction<T, ?> function,
            @Nullable StreamingFunction<T, ?, ?> streaming,
            boolean inStage,
            boolean outcomes) {
        this.function = function;
        this.streaming = (StreamingFunction<T, @Nullable Object, ?>) streaming;
        this.inStage = inStage;
        this.outcomes = outcomes;
    }

    public static <T, R extends @Nullable Object> Call<T> of(BatchProcessor<T, R> processor) {
        if (processor instanceof StreamingProcessor<T, R> reporting) {
            return new Call<>(processor::processBatch, reporting.function(), false, false);
        }
        return processor instanceof OutcomeProcessor<T, R> telling
                ? new Call<>(telling.function(), null, false, true)
                : new Call<>(processor::processBatch, null, false, false);
    }

    public static <T, R extends @Nullable Object> Call<T> ofAsync(AsyncBatchProcessor<T, R> processor) {
        if (processor instanceof AsyncStreamingProcessor<T, R> reporting) {
            return new Call<>(processor::processBatch, reporting.function(), true, false);
        }
        return processor instanceof AsyncOutcomeProcessor<T, R> telling
                ? new Call<>(telling.function(), null, true, true)
                : new Call<>(processor::processBatch, null, true, false);
    }

    /** Calls the function. It can't change the list: what it returns belongs to the items by their positions. */
    @Nullable
    public Object apply(List<T> batch) throws Exception {
        return function.apply(Collections.unmodifiableList(batch));
    }

    /** Calls a function that reports the results, by the same positions. */
    @Nullable
    public Object apply(List<T> batch, BatchResults<@Nullable Object> results) throws Exception {
        return Objects.requireNonNull(streaming).apply(Collections.unmodifiableList(batch), results);
    }

    /** Whether results are reported as they come, instead of returned. */
    public boolean streams() {
        return streaming != null;
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
        if (results.mismatch() != null && isFirstMismatch()) {
            LOG.log(
                    Level.WARNING,
                    "In the map that the processor of batcher '" + batcher + "' returned for a batch of "
                            + results.size() + " items, no key equals an item: the keys are " + results.mismatch()
                            + ". Return a map whose keys equal the items, in type, case and equals(). This is logged"
                            + " once a batcher");
        }
    }

    private synchronized boolean isFirstMismatch() {
        boolean first = !mismatched;
        mismatched = true;
        return first;
    }

    /**
     * Warns of a wrong report, once a batcher for each kind.
     *
     * @param thrown what the processor failed with, where that belongs to it
     */
    public void warnOf(Misreport misreport, String batcher, @Nullable Throwable thrown) {
        if (isFirst(misreport)) {
            String failure = thrown == null ? "" : " (" + description(thrown) + ")";
            LOG.log(
                    Level.WARNING,
                    "The processor of batcher '" + batcher + "' " + misreport.text + failure
                            + ". This is logged once a batcher");
        }
    }

    private synchronized boolean isFirst(Misreport misreport) {
        if (misreports == null) {
            misreports = EnumSet.noneOf(Misreport.class);
        }
        return misreports.add(misreport);
    }

    /** Another's message may hold items. */
    private static String description(Throwable thrown) {
        return thrown instanceof BatchResultException
                ? String.valueOf(thrown.getMessage())
                : thrown.getClass().getName();
    }

    /** The failure of items that were not reported when the call ended. */
    public static BatchResultException unreported(int missing, int items) {
        return CollectedResults.missing(missing, items);
    }

    private static BatchResultException breach(String returned) {
        return new BatchResultException("it returned " + returned + "; return one element an item, in the items' order"
                + " (or use BatchProcessor.keyed or BatchProcessor.matching)");
    }
}
