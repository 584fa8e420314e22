package io.asyncbatcher.internal.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps the results of a streaming processor that is called without a batcher. Used by any thread. */
final class CollectedResults<R extends @Nullable Object> implements BatchResults<R> {

    @GuardedBy("this")
    private final @Nullable Outcome<R>[] outcomes;

    @SuppressWarnings("unchecked") // filled with its own only
    CollectedResults(int size) {
        outcomes = (Outcome<R>[]) new Outcome<?>[size];
    }

    @Override
    public void success(int i, R result) {
        report(i, Outcome.success(result));
    }

    @Override
    public void failure(int i, Throwable cause) {
        report(i, Outcome.failure(cause));
    }

    private synchronized void report(int i, Outcome<R> outcome) {
        Objects.checkIndex(i, outcomes.length);
        outcomes[i] = outcomes[i] == null ? outcome : outcomes[i];
    }

    /** The results of all items; what one has failed with is thrown. */
    synchronized List<R> all() {
        int missing = (int) Arrays.stream(outcomes).filter(Objects::isNull).count();
        if (missing > 0) {
            throw missing(missing, outcomes.length);
        }
        return Results.plain(Arrays.asList(outcomes));
    }

    /** The failure of items that were not reported. */
    static BatchResultException missing(int missing, int items) {
        return new BatchResultException("it ended without having reported " + missing + " of " + items
                + " items; call success or failure of its BatchResults for each index, before it returns or its stage"
                + " ends");
    }
}
