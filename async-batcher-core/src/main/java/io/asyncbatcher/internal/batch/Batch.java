package io.asyncbatcher.internal.batch;

import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Noted;
import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.settlement.EarlySettlement;
import io.asyncbatcher.internal.settlement.Ends;
import io.asyncbatcher.internal.settlement.Settlement;
import io.asyncbatcher.internal.settlement.Worker;
import io.asyncbatcher.internal.thread.Frame;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One batch, as the task that the executor runs: makes its {@link Attempt}s at calling the processor, gives its slot back,
 * and has its items settled. How far it is, is its {@link BatchState}; what it does, it does on one thread after the other.
 * Longer than other files, because it is what both the executor and a settlement know a batch by.
 */
public final class Batch<T, R extends @Nullable Object> implements Runnable, Frame.Task, Settlement.Origin<T, R> {

    private final BatchOwner<T, R> owner;
    private final Setup<T> setup;
    private final @Nullable BatchReport report; // null = nobody listens
    private final BatchItems<T, R> items;

    /** How far it is. */
    public final BatchState<T, R> state;

    /** What its slot and the policy know of it. */
    public final SlotUse use = new SlotUse();

    /** By which its items are settled, once its processor has returned. Written by the thread that settles. */
    public volatile @Nullable Settlement<T, R> settlement;

    // by the threads that run it one after the other, and under the engine's lock when it has returned
    private long tookNanos;
    private boolean abandoned;
    private boolean quick;
    private boolean comesBack;

    /** The next of several batches on their way to the executor. */
    @Nullable
    public Batch<T, R> next;

    // its neighbours among the unsettled batches, guarded by the engine's lock
    @Nullable
    public Batch<T, R> before;

    @Nullable
    public Batch<T, R> after;

    /** Whether others were left queued that may go as soon as this one is handed over. */
    public boolean moreMayGo;

    public Batch(BatchOwner<T, R> owner, Setup<T> setup, BatchBinding<T, R> binding, @Nullable BatchReport report) {
        this.owner = owner;
        this.setup = setup;
        this.report = report;
        this.items = setup.call().streams()
                ? new StreamedItems<>(
                        setup, binding, new EarlySettlement<>(setup, owner, owner::watch, () -> settlement))
                : new BatchItems<>(setup, binding);
        this.state = new BatchState<>(items, report);
    }

    @Override
    public BatchOwner<T, R> owner() {
        return owner;
    }

    /** The partition of its items. */
    public PartitionQueue<T, R> partition() {
        return items.binding().partition();
    }

    BatcherOptions options() {
        return items.binding().options();
    }

    Setup<T> setup() {
        return setup;
    }

    /** By an attempt that goes on, or whose end was claimed. */
    BatchItems<T, R> items() {
        return items;
    }

    /** Puts one chain of batches, or none, behind another. */
    public static <T, R extends @Nullable Object> @Nullable Batch<T, R> chain(
            @Nullable Batch<T, R> first, @Nullable Batch<T, R> second) {
        if (first == null) {
            return second;
        }
        Batch<T, R> last = first;
        while (last.next != null) {
            last = last.next;
        }
        last.next = second;
        return first;
    }

    /** Takes the batch off its chain and returns the next. */
    @Nullable
    public Batch<T, R> unchain() {
        Batch<T, R> following = next;
        next = null;
        return following;
    }

    // ---- an attempt ----

    @Override
    public void run() {
        try {
            setup.nameThread();
            Frame.run(this);
        } catch (Throwable failure) {
            rescue(failure);
        }
    }

    @Override
    public void run(Frame frame) {
        try {
            if (use.paced || (use.limited && setup.time().nanoTime() - use.overNanos >= 0)) {
                owner.expireOverdue(); // the alarm may be late, and what comes now would find out when it is too late
            }
            Attempt<T, R> beginning = state.begin(this, frame);
            if (beginning == null) {
                return;
            }
            if (state.hasLate()) {
                owner.late(this);
            }
            beginning.run(frame);
        } catch (Throwable failure) {
            frame.forgetLent();
            rescue(failure);
        }
    }

    @Override
    public Frame.@Nullable PutOff newPutOff() {
        return setup.ownThreads() ? new Worker(setup) : null;
    }

    /** Makes current what listeners want to be so during a call; they are told of the first one before. */
    ListenerContext.Scope enter(Attempt<T, R> beginning) {
        if (report == null) {
            return Noted.NOTHING;
        }
        boolean first = beginning.number() == 1;
        ListenerContext.Scope scope = first ? report.begin(items.items(), items.count()) : report.resume();
        report.beforeCall(use.heldNanos, first ? beginning.merged() : 0);
        return scope;
    }

    /** The call of the processor really begins, or there is nothing left to call it with. */
    void calling(boolean really) {
        if (use.paced) {
            owner.calling(this, really);
        }
    }

    // ---- the end of an attempt ----

    /** An attempt has ended, with results read unless something was thrown. */
    void end(Frame frame, Attempt<T, R> ended, @Nullable Throwable thrown, boolean wasQuick) {
        boolean halve = thrown != null && ended.valuesLeft() > 1 && setup.isOneItemsFault(thrown);
        tookNanos += ended.tookNanos();
        BatchState.Step reached = state.close(ended, thrown, halve);
        if (reached == BatchState.Step.HANDED_OVER) {
            if (halve && report != null) {
                report.halve(ended.size());
            }
            frame.forgetLent();
            handOver(frame, owner.again(this));
            return;
        }
        abandoned = reached == BatchState.Step.ABANDONED;
        BatchOutcome outcome = report == null || abandoned ? null : items.all().outcome();
        Worker worker = Worker.of(frame);
        quick = wasQuick;
        comesBack = wasQuick && worker != null;
        handOver(frame, owner.returned(this));
        if (!abandoned) {
            settle(frame, worker, outcome, thrown, ended.endedNanos());
        }
    }

    /** Whether its items were settled without it when its last call ended. Once that has ended. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** How long the processor was called, in all calls. Once the last has ended. */
    public long tookNanos() {
        return tookNanos;
    }

    /** Whether the last call was short. Once it has ended. */
    public boolean isQuick() {
        return quick;
    }

    /** Whether its thread is worth waiting for. Once the last call has ended. */
    public boolean comesBack() {
        return comesBack;
    }

    private void settle(
            Frame frame,
            @Nullable Worker worker,
            @Nullable BatchOutcome outcome,
            @Nullable Throwable thrown,
            long endedNanos) {
        Settlement<T, R> settling = new Settlement<>(setup, owner, items.all(), this);
        settlement = settling;
        frame.enter(settling);
        state.tellFinished(outcome, thrown);
        frame.leave();
        boolean settled = worker != null
                ? worker.settle(frame, settling, use.plentyBehind, endedNanos)
                : settling.atBatchEnd(frame);
        if (settled || comesBack) {
            comeBack(frame, worker != null, owner.release(this, settled));
        }
    }

    /** Back from settling: the first of the batches that may go now is this thread's, where it is one of the library's. */
    private void comeBack(Frame frame, boolean ours, @Nullable Batch<T, R> batches) {
        Batch<T, R> others = batches;
        if (ours && batches != null && !batches.moreMayGo) {
            others = batches.unchain();
            frame.defer(batches);
        }
        handOver(frame, others);
    }

    /** Hands over what may run after this batch's end, but runs none of it here and now, even where the executor would. */
    private void handOver(Frame frame, @Nullable Batch<T, R> batches) {
        frame.handingOver(true);
        try {
            owner.start(batches);
        } finally {
            frame.handingOver(false);
        }
    }

    /** By which items are settled before its end; null where none are. */
    public @Nullable EarlySettlement<T, R> early() {
        return items instanceof StreamedItems<T, R> streamed ? streamed.early() : null;
    }

    @Override
    public void keepOnly(Settlement<T, R> rest, Ends<T, R> unsettled) {
        settlement = rest;
        state.keepOnly(unsettled);
    }

    @Override
    public boolean isSettledBy(Settlement<T, R> other) {
        return settlement == other;
    }

    @Override
    public void giveUpReservation() {
        if (comesBack) {
            setup.quickPath().beWary();
            owner.start(owner.release(this, false));
        }
    }

    @Override
    public void settled() {
        owner.start(owner.release(this, true));
    }

    /**
     * Under the engine's lock, the settlement of a batch that was cut off: items that have got their ends keep them, the
     * others fail.
     *
     * @param fresh the failure of items that no processor was called with
     * @param ran the failure of the others
     * @param back where items go that are to be tried again, or whose call had not begun; null if they fail too
     */
    public Settlement<T, R> failing(Failed fresh, Failed ran, @Nullable BiConsumer<Entry<T, R>, RetryRequest> back) {
        Settlement<T, R> failing = new Settlement<>(setup, owner, state.failing(fresh, ran, back), null);
        return state.isCutAfterACall()
                ? failing.first(() -> state.tellFinished(BatchOutcome.ABORTED, ran.cause()))
                : failing;
    }

    // ---- errors of the engine's own ----

    @Override
    public void rescue(Throwable failure) {
        Rescue.of(() -> endBroken(failure), setup.name(), failure);
    }

    /** Ends the batch where an error has come between; what is done here may fail for the same reason. */
    private void endBroken(Throwable failure) {
        BatchState.Step broken = state.breakOff(failure);
        if (broken == BatchState.Step.CUT) {
            return; // whoever has cut it settles its items
        }
        abandoned = broken == BatchState.Step.ABANDONED;
        quick = false;
        comesBack = false;
        owner.start(owner.returned(this));
        if (broken == BatchState.Step.RETURNED) {
            for (int i = 0; i < items.count(); i++) {
                items.items()[i].end(items.ends()[i]);
            }
            settled();
        }
    }
}
