package io.asyncbatcher.internal.batch;

import io.asyncbatcher.BatchResults;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.item.Failed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a processor that streams reports to in one attempt. Used by any thread: the batch's monitor decides whether a report
 * comes in time and is the first of its item, and the item is settled after that, on another thread.
 */
final class Reports<T, R extends @Nullable Object> implements BatchResults<@Nullable Object> {

    private final Batch<T, R> batch;
    private final Attempt<T, R> attempt;
    private final StreamedItems<T, R> items;
    private final int @Nullable [][]
            merged; // the items by the index of the value that stands for them; null = one each
    private final int size;

    /** Guarded by the batch's monitor; read without it once the attempt's end is claimed, because none is taken then. */
    private int taken;

    /** What becomes of a report. */
    enum Answer {
        TAKEN,
        SECOND,
        TOO_LATE,
        GIVEN_UP
    }

    Reports(Batch<T, R> batch, Attempt<T, R> attempt, StreamedItems<T, R> items) {
        this.batch = batch;
        this.attempt = attempt;
        this.items = items;
        this.merged = attempt.mergedIndices();
        this.size = attempt.distinctValues();
    }

    @Override
    public void success(int i, @Nullable Object result) {
        Objects.checkIndex(i, size);
        report(i, result);
    }

    @Override
    public void failure(int i, Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        Objects.checkIndex(i, size);
        report(i, Failed.by(attempt.failure(cause)));
    }

    private void report(int i, @Nullable Object end) {
        switch (batch.state.report(attempt, this, i, end)) {
            case TAKEN -> items.early().start();
            case SECOND -> warnOf(Call.Misreport.TWICE, null);
            case TOO_LATE -> warnOf(Call.Misreport.TOO_LATE, null);
            case GIVEN_UP -> {} // its callers have been told, and the processor can't know
        }
    }

    private void warnOf(Call.Misreport misreport, @Nullable Throwable thrown) {
        batch.setup().call().warnOf(misreport, batch.setup().name(), thrown);
    }

    /** Under the batch's monitor: gives the items of an index their end, unless they have one. */
    Answer take(int i, @Nullable Object end) {
        if (merged == null) {
            return take(attempt.calledIndex(i), end, true);
        }
        Answer answer = Answer.TAKEN;
        for (int k = 0; k < merged[i].length && answer == Answer.TAKEN; k++) {
            answer = take(merged[i][k], end, k == 0);
        }
        return answer;
    }

    private Answer take(int index, @Nullable Object end, boolean first) {
        if (items.isReported(index)) {
            return Answer.SECOND;
        }
        items.report(index, end);
        taken += first ? 1 : 0;
        return Answer.TAKEN;
    }

    // ---- once the attempt's end is claimed ----

    /** How many different values have not been reported. */
    int left() {
        return size - taken;
    }

    /** What the attempt has failed with; not to have reported all items is a failure. */
    @Nullable
    Throwable ended(@Nullable Throwable thrown) {
        if (thrown == null) {
            return left() == 0 ? null : Call.unreported(left(), size);
        }
        if (left() == 0 && !(thrown instanceof RateLimitedException)) {
            warnOf(Call.Misreport.FAILED_AFTER_ALL, thrown);
        }
        return thrown;
    }
}
