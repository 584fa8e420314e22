package io.asyncbatcher.internal.batch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Listeners;
import io.asyncbatcher.internal.item.Noted;
import io.asyncbatcher.internal.item.TimedItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What listeners are told of one batch: its beginning before its first call, its end once, whoever ended it.
 *
 * <p>The times are guarded by the batch's monitor. What listeners have made for the batch is guarded by this one's, because
 * its thread may still be asking them for it while a stop or a timeout tells of the end. Listeners are told without either.
 */
public final class BatchReport {

    private final Setup<?> setup;
    private final Listeners listeners;
    private final DispatchReason reason;
    private final long boundNanos;
    private long begunNanos;
    private long endedNanos;

    @GuardedBy("this")
    private @Nullable Noted contexts;

    @GuardedBy("this")
    private boolean over;

    /** A batch that was bound at this time. */
    public BatchReport(Setup<?> setup, Listeners listeners, DispatchReason reason, long boundNanos) {
        this.setup = setup;
        this.listeners = listeners;
        this.reason = reason;
        this.boundNanos = boundNanos;
    }

    void stampBegin() {
        begunNanos = setup.time().nanoTime();
    }

    void stampEnd() {
        endedNanos = setup.time().nanoTime();
    }

    /** Tells of the beginning, and makes current what listeners want to be so during the first call. */
    ListenerContext.Scope begin(Item<?, ?>[] items, int count) {
        long[] queueNanos = new long[count];
        int timed = 0;
        boolean noted = false;
        for (int i = 0; i < count; i++) {
            if (items[i] instanceof TimedItem<?, ?> item) {
                queueNanos[timed++] = boundNanos - item.submittedNanos;
                noted |= item.noted != null;
            }
        }
        boolean known = noted;
        Noted begun = listeners.batch(
                setup.name(), reason, count, listener -> known ? callers(listener, items, count) : List.of());
        ListenerContext.Scope scope = Noted.open(begun, setup.name());
        if (!keep(begun)) {
            Noted.finished(begun, setup.name(), BatchOutcome.ABORTED, null);
        }
        listeners.dispatched(setup.name(), reason, timed == count ? queueNanos : Arrays.copyOf(queueNanos, timed));
        return scope;
    }

    /** Makes the same current for a further call. */
    ListenerContext.Scope resume() {
        return Noted.open(contexts(), setup.name());
    }

    /** Tells of what a call is preceded by: the time for which it was held back, and items that equal ones stand for. */
    void beforeCall(long heldNanos, int merged) {
        if (heldNanos > 0) {
            listeners.rateLimited(setup.name(), heldNanos);
        }
        if (merged > 0) {
            listeners.deduplicated(setup.name(), merged);
        }
    }

    /** Tells that a call with so many items has failed and is halved. */
    void halve(int items) {
        ListenerContext.Scope scope = resume();
        listeners.halved(setup.name(), items);
        scope.close();
    }

    /** Tells of the end of a batch that began with so many items, of which some go back to be tried again. */
    void finish(BatchOutcome outcome, int size, int retried, @Nullable Throwable failure) {
        Noted ending = take();
        ListenerContext.Scope scope = Noted.open(ending, setup.name());
        if (retried > 0) {
            listeners.retried(setup.name(), retried);
        }
        listeners.finished(setup.name(), outcome, size, endedNanos - begunNanos);
        scope.close();
        Noted.finished(ending, setup.name(), outcome, failure);
    }

    /** What a listener has noted of the items' callers. */
    private static List<ListenerContext> callers(BatcherListener listener, Item<?, ?>[] items, int count) {
        List<ListenerContext> callers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ListenerContext caller = items[i] instanceof TimedItem<?, ?> item ? Noted.by(listener, item.noted) : null;
            if (caller != null) {
                callers.add(caller);
            }
        }
        return callers;
    }

    /** Keeps what listeners have made for the batch; false if its end has already been told of. */
    private synchronized boolean keep(@Nullable Noted begun) {
        contexts = over ? null : begun;
        return !over;
    }

    private synchronized @Nullable Noted contexts() {
        return contexts;
    }

    private synchronized @Nullable Noted take() {
        Noted taken = contexts;
        contexts = null;
        over = true;
        return taken;
    }
}
