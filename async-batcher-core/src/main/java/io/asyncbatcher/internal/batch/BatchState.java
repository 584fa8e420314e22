package io.asyncbatcher.internal.batch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.RateLimitedException;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Late;
import io.asyncbatcher.internal.settlement.Ends;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch is, with its items.
 *
 * <p>It goes one way, under its own monitor (taken inside the engine's lock, never the other way round, and never held while
 * user code runs): from {@code HANDED_OVER} to {@code RUNNING} on the thread that the executor gave the batch, and to
 * {@code RETURNED} on the thread where the processor ended. Where a failed batch is halved, it goes back from
 * {@code RUNNING} to {@code HANDED_OVER} for each further attempt. A forced stop or a timeout takes it from
 * {@code HANDED_OVER} to {@code CUT}, or from {@code RUNNING} to {@code ABANDONED}, and settles the items itself; the slot
 * of an abandoned batch is given back when its processor returns, however late.
 */
public final class BatchState<T, R extends @Nullable Object> {

    /** The steps. */
    public enum Step {
        HANDED_OVER,
        RUNNING,
        RETURNED,
        CUT,
        ABANDONED
    }

    private final BatchItems<T, R> items;
    private final @Nullable BatchReport report; // null = nobody listens

    // These are written under the monitor only, and read without it where they are asked for often. Volatile is enough:
    // who acts on what it has read takes the monitor and looks again.
    private volatile Step step = Step.HANDED_OVER;
    private volatile int handOvers = 1; // written before the step that goes with it
    private volatile @Nullable Step cutFrom; // the step before it was cut off, until all that follows from that is done

    @GuardedBy("this")
    private boolean waits; // handed back to the dispatcher for its next attempt, and not handed over for it

    @GuardedBy("this")
    private int attempts;

    @GuardedBy("this")
    private @Nullable Attempt<T, R> attempt; // null until it begins, and once its end is claimed

    @GuardedBy("this")
    private @Nullable Thread thread;

    /** Written under the monitor before the batch has returned, and read without it by the thread that has written it. */
    private long holdNanos;

    public BatchState(BatchItems<T, R> items, @Nullable BatchReport report) {
        this.items = items;
        this.report = report;
    }

    // ---- an attempt ----

    /** Begins the present attempt; null if the batch was cut before. */
    synchronized @Nullable Attempt<T, R> begin(Batch<T, R> batch, Frame frame) {
        if (step != Step.HANDED_OVER || waits) {
            return null; // waits: an executor runs the task of the last attempt once more
        }
        List<T> values;
        int[] called = null;
        if (items.isTaken()) {
            Remaining<T> remaining = Remaining.of(items);
            values = remaining.values();
            called = remaining.indices();
        } else {
            values = items.takeFor(frame);
            if (report != null) {
                report.stampBegin();
            }
        }
        Attempt<T, R> begun = new Attempt<>(batch, attempts + 1, items.from(), items.to(), called, values);
        step = Step.RUNNING;
        attempts++;
        attempt = begun;
        thread = Thread.currentThread();
        Frame.forgetInterrupt();
        return begun;
    }

    /** The thread is no longer ours to interrupt, and a flag that the processor left reaches nobody else. */
    synchronized void leave() {
        thread = null;
        Frame.forgetInterrupt();
    }

    /** An attempt's processor reports the end of an item before its own. */
    synchronized Reports.Answer report(Attempt<T, R> reporting, Reports<T, R> reports, int i, @Nullable Object end) {
        if (step == Step.ABANDONED) {
            return Reports.Answer.GIVEN_UP;
        }
        return attempt == reporting ? reports.take(i, end) : Reports.Answer.TOO_LATE;
    }

    /** Whether an attempt's end is the caller's to tell: true once, unless the batch has ended without it. */
    synchronized boolean claimEnd(Attempt<T, R> ending) {
        boolean claimed = attempt == ending;
        attempt = claimed ? null : attempt;
        return claimed;
    }

    /** Gives the items of an attempt their ends, or makes ready for another one; returns the new step. */
    synchronized Step close(Attempt<T, R> ended, @Nullable Throwable thrown, boolean halve) {
        if (step == Step.ABANDONED) {
            return step;
        }
        stampEnd();
        boolean more = false;
        if (halve) {
            items.halve();
            ended.failUnhashed(items.ends());
            more = true;
        } else if (thrown instanceof RateLimitedException limited) {
            holdNanos = RetryDelay.atLeast(Nanos.of(limited.retryAfter()));
            items.sendBack();
            ended.failUnhashed(items.ends());
        } else {
            if (thrown != null) {
                items.fail(Failed.by(ended.failure(thrown)));
                ended.failUnhashed(items.ends());
            }
            more = items.nextHalf();
        }
        handOvers += more ? 1 : 0;
        waits = more;
        step = more ? Step.HANDED_OVER : Step.RETURNED;
        return step;
    }

    private void stampEnd() {
        if (report != null) {
            report.stampEnd();
        }
    }

    /** How long no batch may start after this one; zero = nobody asked. Once it has returned. */
    public long holdNanos() {
        return holdNanos;
    }

    /** From here on these are all its items: the others are settled, and the arrays that were lent are needed again. */
    synchronized void keepOnly(Ends<T, R> unsettled) {
        items.keepOnly(unsettled);
    }

    // ---- hand-overs ----

    /** Whether its processor is still to be called or to return. Without the monitor, because it is asked often. */
    public boolean isToReturn() {
        Step now = step;
        return now == Step.HANDED_OVER || now == Step.RUNNING;
    }

    /** Whether it is on its way to be called. */
    public synchronized boolean isHandedOver() {
        return step == Step.HANDED_OVER && !waits;
    }

    /** Under the engine's lock: it may be called again. */
    public synchronized void handOverAgain() {
        waits = false;
    }

    /** How often it was handed over. */
    public synchronized int handOvers() {
        return handOvers;
    }

    /** Whether a hand-over has ended, with all that follows. Without the monitor, because every deadline asks. */
    public boolean isOver(int handOver) {
        return cutFrom == null && (handOvers != handOver || !isToReturn());
    }

    // ---- its items ----

    /** Whether an item is in it. */
    public synchronized boolean contains(Object item) {
        return items.contains(item);
    }

    /** How many items it began with. Once it has begun. */
    public synchronized int begunWith() {
        return items.size();
    }

    /** How many of its items are not settled. */
    public synchronized int unsettled() {
        return items.unsettled();
    }

    /** Whether cells were empty yet when it came for them. By the thread that has come, or later ones. */
    public boolean hasLate() {
        return items.hasLate();
    }

    /** Under the engine's lock: cells whose items were not stored yet when it came for them. */
    public synchronized @Nullable Late takeLate() {
        return items.takeLate();
    }

    /** Under the engine's lock: unsettled items that are to be tried again leave the batch. True if some have left it. */
    public synchronized boolean giveBack(BiConsumer<Entry<T, R>, RetryRequest> queue) {
        return items.giveBack(queue);
    }

    /** Under the engine's lock: how many items with an entry have left the queue for good, once the batch has ended. */
    public synchronized int gone() {
        return items.gone();
    }

    // ---- cut off ----

    /**
     * Cuts the batch off before it begins or, if wanted, while it runs, and returns its step before. Its items are the
     * caller's to settle then, who says when {@linkplain #cutOffIsDone all of that is done}; until then the answer is the
     * same. A running processor is interrupted.
     */
    public synchronized Step cutOff(boolean evenRunning) {
        Step before = cutFrom == null ? step : cutFrom; // not null: an error has come between
        if (before == Step.HANDED_OVER) {
            cutFrom = before;
            step = Step.CUT;
            if (attempts == 0) {
                items.takeRest(); // also where some are taken already
            } else {
                stampEnd();
            }
        } else if (step == Step.RUNNING && evenRunning) {
            stampEnd();
            cutFrom = before;
            step = Step.ABANDONED;
            if (thread != null) {
                thread.interrupt();
            }
        }
        return before;
    }

    /** Cuts a hand-over off, begun or not; null if it has come to its end. */
    public synchronized @Nullable Step cutOff(int handOver) {
        return isOver(handOver) ? null : cutOff(true);
    }

    /** Under the engine's lock: nothing is left to be done of a batch that was cut off. */
    public synchronized void cutOffIsDone() {
        cutFrom = null;
    }

    /**
     * Under the engine's lock, once it was cut off: the ends of its items that don't go back.
     *
     * @param fresh the failure of items that no processor was called with
     * @param ran the failure of the others
     * @param back where items go that are to be tried again, or whose call had not begun; null if they fail too
     */
    synchronized Ends<T, R> failing(Failed fresh, Failed ran, @Nullable BiConsumer<Entry<T, R>, RetryRequest> back) {
        return new CutOff<>(items, fresh, ran, attempts > 0).ends(back);
    }

    /** Whether it was cut off after its processor was called: then its own thread tells nobody of its end. */
    synchronized boolean isCutAfterACall() {
        return step == Step.ABANDONED || (step == Step.CUT && attempts > 0);
    }

    /** Tells listeners how the batch has ended. Without the monitor, by whoever ended it. */
    void tellFinished(@Nullable BatchOutcome outcome, @Nullable Throwable failure) {
        if (report != null && outcome != null && items.size() > 0) {
            report.finish(outcome, items.size(), items.retried(), failure);
        }
    }

    /** Where an error has come between: gives an end to all items that have none. */
    synchronized Step breakOff(Throwable failure) {
        if (isToReturn()) {
            if (step == Step.HANDED_OVER) {
                items.takeRest(); // also where some are taken already
            }
            items.failRest(Failed.by(failure));
            attempt = null;
            step = Step.RETURNED;
        }
        return step;
    }
}
