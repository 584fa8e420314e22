package io.asyncbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One batch: takes its items out of the queue, makes its {@link Attempt}s at calling the processor, and gives each item its
 * end.
 *
 * <p>Its state goes one way, under its own monitor (taken inside the engine's lock, never the other way round, and never
 * held while user code runs): from {@code HANDED_OVER} to {@code RUNNING} on the thread that the executor gave it, and to
 * {@code RETURNED} on the thread where the processor ended. Where a failed batch is halved, it goes back from
 * {@code RUNNING} to {@code HANDED_OVER} for each further attempt. A forced stop or a timeout takes it from
 * {@code HANDED_OVER} to {@code CUT}, or from {@code RUNNING} to {@code ABANDONED}, and settles the items itself; the slot
 * of an abandoned batch is given back when its processor returns, however late.
 *
 * <p>Ends are written by the thread on which the attempt ended, and read by others only where that thread can't write any
 * more.
 */
final class Batch<T, R extends @Nullable Object> implements Runnable, Frame.Task {

    /** How far a batch is. */
    enum State {
        HANDED_OVER,
        RUNNING,
        RETURNED,
        CUT,
        ABANDONED
    }

    private final BatchOwner<T, R> owner;
    private final Setup<T> setup;
    private final BatchItems<T, R> items;
    private final BatcherOptions options;
    private final @Nullable BatchReport report; // null = nobody listens

    /** The partition of its items. */
    final PartitionQueue<T, R> partition;

    /** What its slot and the policy know of it. */
    final SlotUse<T, R> use = new SlotUse<>();

    /** By which its items are settled, once its processor has returned. Written by the thread that settles. */
    volatile @Nullable Settlement<T, R> settlement;

    // guarded by this, but for what the class comment says of the ends
    private volatile State state = State.HANDED_OVER; // by isOver without it
    private volatile int handOvers = 1; // the same, written before the state that goes with it
    private boolean waits; // handed back to the dispatcher for its next attempt, and not handed over for it
    private int attempts;
    private @Nullable Attempt<T, R> attempt; // null until it begins, and once its end is claimed
    private @Nullable Thread thread;
    // of the present attempt, by the threads that run it one after the other
    private long tookNanos;
    private long holdNanos;
    private boolean comesBack;

    /** The next of several batches on their way to the executor. */
    @Nullable
    Batch<T, R> next;

    /** Whether others were left queued that may go as soon as this one is handed over. */
    boolean moreMayGo;

    Batch(BatchOwner<T, R> owner, Setup<T> setup, BatchBinding<T, R> binding, @Nullable BatchReport report) {
        this.owner = owner;
        this.setup = setup;
        this.items = new BatchItems<>(setup, binding);
        this.options = binding.options();
        this.partition = binding.partition();
        this.report = report;
    }

    @Override
    public BatchOwner<T, R> owner() {
        return owner;
    }

    BatcherOptions options() {
        return options;
    }

    /** Puts one chain of batches, or none, behind another. */
    static <T, R extends @Nullable Object> @Nullable Batch<T, R> chain(
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
    Batch<T, R> unchain() {
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
            Attempt<T, R> beginning = begin(frame);
            if (beginning == null) {
                return;
            }
            if (hasLate()) {
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

    /** Begins the present attempt; null if the batch was cut before. */
    private synchronized @Nullable Attempt<T, R> begin(Frame frame) {
        if (state != State.HANDED_OVER || waits) {
            return null; // waits: an executor runs the task of the last attempt once more
        }
        List<T> values;
        int[] called = null;
        if (items.isTaken()) {
            values = new ArrayList<>(items.to() - items.from());
            called = items.collectUnsettled(values);
        } else {
            values = items.takeFor(frame);
            if (report != null) {
                report.stampBegin();
            }
        }
        Attempt<T, R> begun = new Attempt<>(this, setup, attempts + 1, items.from(), items.to(), called, values);
        state = State.RUNNING;
        attempts++;
        attempt = begun;
        thread = Thread.currentThread();
        Frame.forgetInterrupt();
        return begun;
    }

    /** The call of the processor really begins, or there is nothing left to call it with. */
    void calling(boolean really) {
        if (use.paced) {
            owner.calling(this, really);
        }
    }

    /** The thread is no longer ours to interrupt, and a flag that the processor left reaches nobody else. */
    synchronized void leave() {
        thread = null;
        Frame.forgetInterrupt();
    }

    /** Whether an attempt's end is the caller's to tell: true once, unless the batch has ended without it. */
    synchronized boolean claimEnd(Attempt<T, R> ending) {
        boolean claimed = attempt == ending;
        attempt = claimed ? null : attempt;
        return claimed;
    }

    /** By an attempt that goes on, or whose end was claimed. */
    BatchItems<T, R> items() {
        return items;
    }

    // ---- the end of an attempt ----

    /** An attempt has ended, with results read unless something was thrown. */
    void end(Frame frame, Attempt<T, R> ended, @Nullable Throwable thrown, boolean quick) {
        boolean halve = thrown != null && ended.distinctValues() > 1 && setup.isOneItemsFault(thrown);
        tookNanos += ended.tookNanos();
        State reached = close(ended, thrown, halve);
        if (reached == State.HANDED_OVER) {
            if (halve && report != null) {
                report.halve(ended.size());
            }
            frame.forgetLent();
            handOver(frame, owner.again(this));
            return;
        }
        boolean abandoned = reached == State.ABANDONED;
        BatchOutcome outcome = report == null || abandoned ? null : items.outcome();
        Worker worker = Worker.of(frame);
        comesBack = quick && worker != null;
        handOver(frame, owner.returned(this, new Return(abandoned, tookNanos, quick, comesBack, holdNanos)));
        if (abandoned) {
            return;
        }
        Settlement<T, R> settling = new Settlement<>(setup, owner, items.items(), items.ends(), items.count(), this);
        settlement = settling;
        frame.enter(settling);
        tellFinished(outcome, thrown);
        frame.leave();
        boolean settled = worker != null
                ? worker.settle(frame, this, settling, ended.endedNanos())
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

    /** Gives the items of an attempt their ends, or makes ready for another one; returns the new state. */
    private synchronized State close(Attempt<T, R> ended, @Nullable Throwable thrown, boolean halve) {
        if (state == State.ABANDONED) {
            return state;
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
        state = more ? State.HANDED_OVER : State.RETURNED;
        return state;
    }

    /** From here on these are all its items: the others are settled, and the arrays that were lent are needed again. */
    synchronized void keepOnly(
            Settlement<T, R> rest, Item<T, R>[] unsettled, @Nullable Object[] theirEnds, int howMany) {
        settlement = rest;
        items.keepOnly(unsettled, theirEnds, howMany);
    }

    /** Its thread may not come back soon: no slot is reserved for it any more. From any thread. */
    void giveUpReservation() {
        if (comesBack) {
            setup.quickPath().beWary();
            owner.start(owner.release(this, false));
        }
    }

    /** The last of it is settled. From any thread. */
    void settled() {
        owner.start(owner.release(this, true));
    }

    // ---- what others ask ----

    /** Whether its processor is still to be called or to return. Without the monitor, because it is asked often. */
    boolean isToReturn() {
        State now = state;
        return now == State.HANDED_OVER || now == State.RUNNING;
    }

    /** Whether an item is in it. */
    synchronized boolean contains(Object item) {
        return items.contains(item);
    }

    /** How many of its items are not settled. */
    synchronized int unsettled() {
        return items.unsettled();
    }

    /** Whether cells were empty yet when it came for them. By the thread that has come, or later ones. */
    boolean hasLate() {
        return items.hasLate();
    }

    /** Under the engine's lock: cells whose items were not stored yet when it came for them. */
    synchronized @Nullable Late takeLate() {
        return items.takeLate();
    }

    /** Under the engine's lock: the items that are to be tried again leave the batch, unless they are settled. */
    synchronized void giveBack(BiConsumer<Entry<T, R>, RetryRequest> queue) {
        items.giveBack(queue);
    }

    /** Under the engine's lock: how many items with an entry have left the queue for good, once the batch has ended. */
    synchronized int gone() {
        return items.gone();
    }

    // ---- what listeners hear ----

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

    private void stampEnd() {
        if (report != null) {
            report.stampEnd();
        }
    }

    private void tellFinished(@Nullable BatchOutcome outcome, @Nullable Throwable failure) {
        if (report != null && outcome != null && items.size() > 0) {
            report.finish(outcome, items.size(), items.retried(), failure);
        }
    }

    // ---- cut off ----

    /** Whether it is on its way to be called. */
    synchronized boolean isHandedOver() {
        return state == State.HANDED_OVER && !waits;
    }

    /** Under the engine's lock: it may be called again. */
    synchronized void handOverAgain() {
        waits = false;
    }

    /** How often it was handed over. */
    synchronized int handOvers() {
        return handOvers;
    }

    /** Whether a hand-over has come to its end. Without the monitor, because it is asked for every deadline. */
    boolean isOver(int handOver) {
        return handOvers != handOver || !isToReturn();
    }

    /**
     * Cuts the batch off before it begins or, if wanted, while it runs, and returns its state before. Its items are the
     * caller's to settle then; a running processor is interrupted.
     */
    synchronized State cutOff(boolean evenRunning) {
        State before = state;
        if (before == State.HANDED_OVER) {
            if (items.isTaken()) {
                stampEnd();
            } else {
                items.takeRest();
            }
            state = State.CUT;
        } else if (before == State.RUNNING && evenRunning) {
            stampEnd();
            state = State.ABANDONED;
            if (thread != null) {
                thread.interrupt();
            }
        }
        return before;
    }

    /** Cuts a hand-over off, begun or not; null if it has come to its end. */
    synchronized @Nullable State cutOff(int handOver) {
        return isOver(handOver) ? null : cutOff(true);
    }

    /**
     * Under the engine's lock, the settlement of a batch that was cut off: items that have got their ends keep them, the
     * others fail.
     *
     * @param fresh the failure of items that no processor was called with
     * @param ran the failure of the others
     * @param back where items go that are to be tried again, or whose call had not begun; null if they fail too
     */
    synchronized Settlement<T, R> failing(
            Failed fresh, Failed ran, @Nullable BiConsumer<Entry<T, R>, RetryRequest> back) {
        Settlement<T, R> settlement = items.failing(owner, fresh, ran, attempts > 0, back);
        boolean cutAfterACall = state == State.ABANDONED || (state == State.CUT && attempts > 0);
        return cutAfterACall ? settlement.first(() -> tellFinished(BatchOutcome.ABORTED, ran.cause())) : settlement;
    }

    // ---- errors of the engine's own ----

    @Override
    public void rescue(Throwable failure) {
        Rescue.of(this, setup.name(), failure);
    }

    /** Ends the batch where an error has come between; what is done here may fail for the same reason. */
    void endBroken(Throwable failure) {
        State broken = breakOff(failure);
        if (broken == State.CUT) {
            return; // whoever has cut it settles its items
        }
        owner.start(owner.returned(this, new Return(broken == State.ABANDONED, tookNanos, false, false, holdNanos)));
        if (broken == State.RETURNED) {
            for (int i = 0; i < items.count(); i++) {
                items.items()[i].end(items.ends()[i]);
            }
            owner.start(owner.release(this, true));
        }
    }

    /** Gives an end to all items that have none. */
    private synchronized State breakOff(Throwable failure) {
        if (isToReturn()) {
            if (state == State.HANDED_OVER) {
                items.takeRest(); // also where some are taken already
            }
            items.failRest(Failed.by(failure));
            attempt = null;
            state = State.RETURNED;
        }
        return state;
    }
}
