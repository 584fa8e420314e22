package io.asyncbatcher.internal.batch;

import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.call.Distinct;
import io.asyncbatcher.internal.call.LookupFailure;
import io.asyncbatcher.internal.call.Results;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Noted;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call of the processor for the items of a batch, or for a half of them: what it is called with, and what comes back.
 *
 * <p>It is run by one thread; the results of a stage are read by the thread that completes the stage. It writes the ends of
 * its own items only, until {@link BatchState#claimEnd} has said that it is the one to end the call.
 */
public final class Attempt<T, R extends @Nullable Object> {

    private final Batch<T, R> batch;
    private final int number;
    private final int from;
    private final int to;
    private final int @Nullable [] called; // the items by their index; null = all from "from" to "to"
    private List<T> values;
    private @Nullable Distinct<T> distinct;
    private @Nullable Reports<T, R> reports; // null unless the processor streams, and is called
    private long beganNanos;
    private long endedNanos;
    private boolean asked; // whether an item is to be tried again
    private long askedNanos;

    /**
     * A call that is to be made on this thread.
     *
     * @param number 1 for the batch's first
     * @param from the index of its first item
     * @param to the index after its last item
     * @param called the indices of those that are not settled; null = all of them
     * @param values of these
     */
    public Attempt(Batch<T, R> batch, int number, int from, int to, int @Nullable [] called, List<T> values) {
        this.batch = batch;
        this.number = number;
        this.from = from;
        this.to = to;
        this.called = called;
        this.values = values;
    }

    int number() {
        return number;
    }

    /** The number of its items, settled ones included. */
    int size() {
        return to - from;
    }

    /** How many different values the processor is called with. */
    int distinctValues() {
        return distinct == null ? calledCount() : distinct.size();
    }

    /** How many of them have not been reported. Once its end is claimed. */
    int valuesLeft() {
        return reports == null ? distinctValues() : reports.left();
    }

    /** How many of its items an equal item stands for. */
    int merged() {
        return distinct == null ? 0 : distinct.merged();
    }

    long tookNanos() {
        return endedNanos - beganNanos;
    }

    long endedNanos() {
        return endedNanos;
    }

    // ---- the call ----

    void run(Frame frame) {
        boolean inStage = batch.setup().call().inStage();
        Object returned = null;
        Throwable thrown = null;
        boolean calling = false;
        ListenerContext.Scope scope = Noted.NOTHING;
        beganNanos = batch.setup().time().nanoTime();
        frame.processing(true);
        try {
            merge();
            calling = !values.isEmpty();
            if (calling) {
                scope = batch.enter(this);
            }
            batch.calling(calling);
            if (calling) {
                returned = call();
            }
            if (!calling || !inStage) {
                read(returned); // here, because a list may do its work only when it is read
            }
        } catch (Throwable failure) {
            thrown = failure;
        } finally {
            batch.state.leave();
            scope.close();
            frame.processing(false);
        }
        if (calling && inStage && thrown == null) {
            whenEnded(returned, frame);
        } else if (batch.state.claimEnd(this)) {
            endedNanos = batch.setup().time().nanoTime();
            thrown = reports == null ? thrown : reports.ended(thrown);
            batch.end(frame, this, thrown, batch.setup().quickPath().isQuick(tookNanos()));
        }
    }

    private @Nullable Object call() throws Exception {
        Call<T> call = batch.setup().call();
        if (batch.items() instanceof StreamedItems<T, R> streamed) {
            reports = new Reports<>(batch, this, streamed);
            return call.apply(values, reports);
        }
        return call.apply(values);
    }

    private void merge() {
        if (batch.options().deduplicate() && values.size() > 1) {
            distinct = new Distinct<>(values);
            values = distinct.values();
        }
    }

    private void whenEnded(@Nullable Object returned, Frame frame) {
        try {
            Results.stage((CompletionStage<?>) returned)
                    .whenComplete((results, failure) -> endOfStage(frame, results, failure));
        } catch (Throwable failure) {
            endOfStage(frame, null, failure);
        }
    }

    private void endOfStage(Frame frame, @Nullable Object results, @Nullable Throwable failure) {
        if (!batch.state.claimEnd(this)) {
            return; // a stage that ends twice
        }
        try {
            endStage(frame, results, failure);
        } catch (Throwable broken) {
            batch.rescue(broken);
        }
    }

    private void endStage(Frame frame, @Nullable Object results, @Nullable Throwable failure) {
        endedNanos = batch.setup().time().nanoTime();
        Throwable thrown = failure == null ? null : Results.peel(failure);
        try {
            if (thrown == null) {
                read(results);
            }
        } catch (Throwable breach) {
            thrown = breach;
        }
        thrown = reports == null ? thrown : reports.ended(thrown);
        if (Frame.top() == frame) {
            batch.end(frame, this, thrown, false);
            return;
        }
        try (Frame own = Frame.open(batch.owner())) {
            try {
                batch.end(own, this, thrown, false);
            } catch (Throwable broken) {
                batch.rescue(broken);
            }
            own.runDeferred();
        }
    }

    // ---- what comes back ----

    private int calledCount() {
        return called == null ? to - from : called.length;
    }

    int calledIndex(int k) {
        return called == null ? from + k : called[k];
    }

    /** The indices of the items that each value stands for; null where there is one each. */
    int @Nullable [][] mergedIndices() {
        return distinct == null ? null : distinct.members(this::calledIndex);
    }

    /** Reads what the processor said into the ends of the call's items. */
    private void read(@Nullable Object returned) {
        Call<T> call = batch.setup().call();
        @Nullable Object[] ends = batch.items().ends();
        if (calledCount() == 0 || distinctValues() == 0 || call.streams()) {
            failUnhashed(ends);
            return;
        }
        if (called == null && distinct == null) {
            boolean toBeRead = call.read(returned, batch.setup().name(), ends, from, to - from);
            for (int i = from; toBeRead && i < to; i++) {
                ends[i] = endOf(i, ends[i]);
            }
            return;
        }
        @Nullable Object[] said = new @Nullable Object[distinctValues()];
        boolean toBeRead = call.read(returned, batch.setup().name(), said, 0, said.length);
        for (int k = 0; k < calledCount(); k++) {
            int position = distinct == null ? k : distinct.position(k);
            if (position != Distinct.NOWHERE) {
                int i = calledIndex(k);
                ends[i] = toBeRead ? endOf(i, said[position]) : said[position];
            }
        }
        failUnhashed(ends);
    }

    /** Items whose {@code equals} or {@code hashCode} failed were in no call, and fail alone. */
    void failUnhashed(@Nullable Object[] ends) {
        for (int k = 0; distinct != null && k < calledCount(); k++) {
            Throwable failure = distinct.failure(k);
            if (failure != null) {
                ends[calledIndex(k)] = Failed.by(failure(failure));
            }
        }
    }

    private @Nullable Object endOf(int i, @Nullable Object said) {
        if (said instanceof LookupFailure failed) {
            return Failed.by(failure(failed.cause()));
        }
        if (!batch.setup().call().outcomes()) {
            return said;
        }
        if (said instanceof Outcome.Success<?> success) {
            return success.result();
        }
        if (said instanceof Outcome.Failure<?> failure) {
            return Failed.by(failure(failure.cause()));
        }
        if (said instanceof Outcome.Retry<?> retry) {
            int attempts = batch.items().attempts(i) + 1;
            if (attempts >= batch.options().maxAttempts()) {
                return Failed.by(failure(retry.cause()));
            }
            batch.items().noteRetries();
            return new RetryRequest(delayNanos(retry, attempts), askedNanos(), attempts);
        }
        return said;
    }

    /** One moment for all items of the call, so that those with the same delay come back together. */
    private long askedNanos() {
        if (!asked) {
            askedNanos = batch.setup().time().nanoTime();
            asked = true;
        }
        return askedNanos;
    }

    private long delayNanos(Outcome.Retry<?> retry, int attempts) {
        long after = Nanos.of(retry.after());
        return after > 0 ? RetryDelay.atLeast(after) : RetryDelay.nanos(batch.options(), attempts, beganNanos);
    }

    /**
     * What callers hear of what the processor threw or said. An exception that a caller would take for one about its own
     * item or its own cancel is the cause of another.
     */
    Throwable failure(Throwable said) {
        return Rejections.ofProcessor(batch.setup().name(), size(), said);
    }
}
