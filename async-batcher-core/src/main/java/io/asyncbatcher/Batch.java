package io.asyncbatcher;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One batch: takes its items out of the queue, calls the processor, checks what comes back and settles the items.
 *
 * <p>Its state goes one way, under its own monitor (taken inside the engine's lock, never the other way round, and never
 * held while user code runs): from {@code HANDED_OVER} to {@code RUNNING} on the thread that the executor gave it, and to
 * {@code RETURNED} on the thread where the processor ended. Where a failed batch is halved, it goes back from
 * {@code RUNNING} to {@code HANDED_OVER} for each further call. A forced stop or a time-out takes it from
 * {@code HANDED_OVER} to {@code CUT}, or from {@code RUNNING} to {@code ABANDONED}, and settles the items itself; the slot
 * of an abandoned batch is given back when its processor returns, however late.
 *
 * <p>The items before {@code from} have got their ends, those from {@code from} to {@code to} are in the present call, the
 * others in later ones; without halving, all are in the one call. Ends are written by the thread on which the call ended,
 * and read by others only where that thread can't write any more. It is longer than other files because this whole way is
 * one story.
 */
final class Batch<T, R extends @Nullable Object> implements Runnable {

    /** How far a batch is. */
    enum State {
        HANDED_OVER,
        RUNNING,
        RETURNED,
        CUT,
        ABANDONED
    }

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");
    private static final int RESCUES = 10_000;
    private static final long RESCUE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Engine<T, R> engine;
    private final Load<T, R> load;
    private final BatcherOptions options;
    private final @Nullable BatchReport report; // null = nobody listens

    /** The partition of its items. */
    final Line<T, R> line;

    /** Since when its oldest item lingers, and the ticket of its first item without an entry. */
    private final @Nullable Long sinceNanos;

    private final long firstTicket;

    // guarded by the engine's lock, kept by its slots

    /** Whether its present call counts for a rate limit, and has not begun. */
    boolean paced;

    /** For how long a rate limit has held its present call back. */
    long heldNanos;

    boolean unsettled;

    /** Whether its slot is taken. */
    boolean holdsSlot;

    /** Whether its present hand-over is given up at a moment. Written before the hand-over. */
    boolean limited;

    long overNanos;

    /** Whether a slot is kept for the thread that settles it. */
    boolean reserving;

    @Nullable
    Batch<T, R> before;

    @Nullable
    Batch<T, R> after;

    /** By which its items are settled, once its processor has returned. Written by the thread that settles. */
    volatile @Nullable Settlement<T, R> settlement;

    /** What the dispatch policy knows it by. Guarded by the engine's lock. */
    DispatchPolicy.@Nullable Run run;

    // guarded by this, but for what the class comment says of the items
    private volatile State state = State.HANDED_OVER; // by isOver without it
    private volatile int handOvers = 1; // the same, written before the state that goes with it
    private boolean waits; // handed back to the dispatcher for its next call, and not handed over for it
    private int calls;
    private boolean ended;
    private @Nullable Thread thread;
    private Item<T, R> @Nullable [] items;
    private @Nullable Object[] ends = {}; // lent by its frame, as the items are, and so longer than needed
    private int size; // the number of items that it began with
    private int withEntry; // how many of the first ones have an entry
    private int count;
    private int wentBack;
    private int retried; // how many of those were tried
    private int from;
    private int to;
    private @Nullable ArrayDeque<Integer> laterEnds; // where the calls after this one end, once it has been halved

    // of the present call, by the threads that run it one after the other
    private int @Nullable [] called; // the items by their index; null = all from "from" to "to"
    private @Nullable Distinct<T> distinct;

    private long beganNanos;
    private long endedNanos;
    private boolean someGoBack;

    /** How long the processor has been called, in all calls. Read once it has returned. */
    long tookNanos;

    /** Whether its last call was short. Read once it has returned. */
    boolean quick;

    /** Whether its thread is worth waiting for. Read once it has returned. */
    boolean comesBack;

    /** Whether its waiting callers may be woken a little later. Written and read by the thread that settles it. */
    boolean plentyBehind;

    /** How long no batch may start after this one; zero = nobody asked. Read once it has returned. */
    long holdNanos;

    /** The next of several batches on their way to the executor. */
    @Nullable
    Batch<T, R> next;

    /** Whether others were left queued that may go as soon as this one is handed over. */
    boolean moreMayGo;

    Batch(Engine<T, R> engine, Binding<T, R> binding, @Nullable BatchReport report) {
        this.engine = engine;
        this.load = binding.load();
        this.options = binding.options();
        this.line = binding.line();
        this.sinceNanos = binding.sinceNanos();
        this.firstTicket = binding.firstTicket();
        this.report = report;
    }

    /**
     * What the dispatcher decides of a new batch.
     *
     * @param load its items
     * @param line their partition
     * @param reason why they go now
     * @param options in force
     * @param sinceNanos since when the oldest lingers, where items linger
     * @param firstTicket the ticket of the first item without an entry
     */
    record Binding<T, R extends @Nullable Object>(
            Load<T, R> load,
            Line<T, R> line,
            DispatchReason reason,
            BatcherOptions options,
            @Nullable Long sinceNanos,
            long firstTicket) {}

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

    Engine<T, R> engine() {
        return engine;
    }

    // ---- a call of the processor ----

    @Override
    public void run() {
        try {
            engine.nameThread();
            Frame.run(this);
        } catch (Throwable failure) {
            rescue(failure);
        }
    }

    /** Runs the batch in its thread's frame. */
    void run(Frame frame) {
        try {
            call(frame);
        } catch (Throwable failure) {
            frame.forgetLent();
            rescue(failure);
        }
    }

    private void call(Frame frame) {
        if (paced || (limited && engine.time().nanoTime() - overNanos >= 0)) {
            engine.giveUpOverdue(); // the alarm may be late, and what comes now would find out when it is too late
        }
        List<T> values = begin(frame);
        if (values == null) {
            return;
        }
        if (hasLate()) {
            engine.late(this);
        }
        Object returned = null;
        Throwable thrown = null;
        int call = calls;
        boolean calling = false;
        ListenerContext.Scope scope = Noted.NOTHING;
        beganNanos = engine.time().nanoTime();
        frame.processing(true);
        try {
            values = merge(values);
            calling = !values.isEmpty();
            if (calling) {
                scope = enter();
            }
            engine.calling(this, calling);
            if (calling) {
                returned = engine.call().apply(values);
            }
            if (!calling || !engine.call().inStage()) {
                read(returned); // here, because a list may do its work only when it is read
            }
        } catch (Throwable failure) {
            thrown = failure;
        } finally {
            leave();
            scope.close();
            frame.processing(false);
        }
        if (calling && engine.call().inStage() && thrown == null) {
            whenEnded(returned, frame, call);
        } else if (claimEnd(call)) {
            stampCall();
            quick = engine.isQuick(endedNanos - beganNanos);
            end(frame, thrown);
        }
    }

    /** Takes the values of the present call; null if the batch was cut before. */
    private synchronized @Nullable List<T> begin(Frame frame) {
        if (state != State.HANDED_OVER || waits) {
            return null; // waits: an executor runs the task of the last call once more
        }
        List<T> values = new ArrayList<>(items == null ? load.size() : to - from);
        if (items == null) {
            boolean lent = !engine.call().inStage(); // a stage ends when its thread has long gone on
            items = lent ? lentItems(frame) : newItems(load.size());
            ends = lent ? frame.lendEnds(load.size()) : new @Nullable Object[load.size()];
            collect(values, true);
            if (report != null) {
                report.stampBegin();
            }
        } else {
            collectUnsettled(values);
        }
        state = State.RUNNING;
        ended = false;
        calls++;
        thread = Thread.currentThread();
        Frame.forgetInterrupt();
        return values;
    }

    @SuppressWarnings("unchecked") // filled with its own only
    private Item<T, R>[] lentItems(Frame frame) {
        return (Item<T, R>[]) frame.lendItems(load.size());
    }

    @SuppressWarnings("unchecked") // filled with its own only
    private Item<T, R>[] newItems(int length) {
        return (Item<T, R>[]) new Item<?, ?>[length];
    }

    /** Empties the slots into the items, for a batch that begins or for one that never will; settled items are left out. */
    @SuppressWarnings("unchecked") // what was queued with a value of T
    private void collect(@Nullable List<T> values, boolean begins) {
        Item<T, R>[] live = items();
        for (Item<T, R> item = load.poll(); item != null; item = load.poll()) {
            Object value = item.value;
            boolean fresh = item.entry() == null;
            if (item.place instanceof Chunk) {
                item.place = null;
            }
            if (value != null && (begins ? item.begin() : !item.isDone())) {
                withEntry += fresh ? 0 : 1;
                live[count++] = item;
                if (values != null) {
                    values.add((T) value);
                }
            }
        }
        to = count;
        size = count;
    }

    /** Begins a further call with those of its items that are still to be settled. */
    @SuppressWarnings("unchecked") // what was queued with a value of T
    private void collectUnsettled(List<T> values) {
        int[] unsettled = new int[to - from];
        for (int i = from; i < to; i++) {
            Item<T, R> item = items()[i];
            Object value = item.value;
            if (hasOwnEnd(i)) {
                continue;
            }
            if (value != null && item.mayRun()) {
                unsettled[values.size()] = i;
                values.add((T) value);
            } else {
                ends[i] = new Again(0, attempts(item)); // whoever has ended it settles it, if that is still to come
            }
        }
        called = Arrays.copyOf(unsettled, values.size());
    }

    private List<T> merge(List<T> values) {
        distinct = options.deduplicate() && values.size() > 1 ? new Distinct<>(values) : null;
        return distinct == null ? values : distinct.values();
    }

    /** The thread is no longer ours to interrupt, and a flag that the processor left reaches nobody else. */
    private synchronized void leave() {
        thread = null;
        Frame.forgetInterrupt();
    }

    private void whenEnded(@Nullable Object returned, Frame frame, int call) {
        try {
            Results.stage((CompletionStage<?>) returned)
                    .whenComplete((results, failure) -> endOfStage(frame, call, results, failure));
        } catch (Throwable failure) {
            endOfStage(frame, call, null, failure);
        }
    }

    private void endOfStage(Frame frame, int call, @Nullable Object results, @Nullable Throwable failure) {
        if (!claimEnd(call)) {
            return; // a stage that ends twice
        }
        try {
            endStage(frame, results, failure);
        } catch (Throwable broken) {
            rescue(broken);
        }
    }

    private void endStage(Frame frame, @Nullable Object results, @Nullable Throwable failure) {
        stampCall();
        Throwable thrown = failure == null ? null : Results.peel(failure);
        try {
            if (thrown == null) {
                read(results);
            }
        } catch (Throwable breach) {
            thrown = breach;
        }
        if (Frame.top() == frame) {
            end(frame, thrown);
            return;
        }
        try (Frame own = Frame.open(engine)) {
            try {
                end(own, thrown);
            } catch (Throwable broken) {
                rescue(broken);
            }
            own.runDeferred();
        }
    }

    private void stampCall() {
        endedNanos = engine.time().nanoTime();
        tookNanos += endedNanos - beganNanos;
    }

    private synchronized boolean claimEnd(int call) {
        if (ended || call != calls) {
            return false;
        }
        ended = true;
        return true;
    }

    // ---- what comes back ----

    private int calledCount() {
        return called == null ? to - from : called.length;
    }

    /** Reads what the processor said into the ends of the call's items. */
    private void read(@Nullable Object returned) {
        Call<T> call = engine.call();
        Distinct<T> merged = distinct;
        if (calledCount() == 0 || (merged != null && merged.size() == 0)) {
            failUnhashed();
            return;
        }
        if (called == null && merged == null) {
            call.read(returned, engine.name(), ends, from, to - from);
            for (int i = from; call.outcomes() && i < to; i++) {
                ends[i] = endOf(items()[i], ends[i]);
            }
            return;
        }
        @Nullable Object[] said = new @Nullable Object[merged == null ? calledCount() : merged.size()];
        call.read(returned, engine.name(), said, 0, said.length);
        for (int k = 0; k < calledCount(); k++) {
            int position = merged == null ? k : merged.position(k);
            if (position != Distinct.NOWHERE) {
                ends[calledIndex(k)] =
                        call.outcomes() ? endOf(items()[calledIndex(k)], said[position]) : said[position];
            }
        }
        failUnhashed();
    }

    private int calledIndex(int k) {
        return called == null ? from + k : called[k];
    }

    /** Items whose {@code equals} or {@code hashCode} failed were in no call, and fail alone. */
    private void failUnhashed() {
        for (int k = 0; distinct != null && k < calledCount(); k++) {
            Throwable failure = distinct.failure(k);
            if (failure != null) {
                ends[calledIndex(k)] = new Failed(ItemOutcome.FAILURE, failure);
            }
        }
    }

    private @Nullable Object endOf(Item<T, R> item, @Nullable Object said) {
        if (said instanceof Outcome.Success<?> success) {
            return success.result();
        }
        if (said instanceof Outcome.Failure<?> failure) {
            return Failed.by(failure(failure.cause()));
        }
        if (said instanceof Outcome.Retry<?> retry) {
            int attempts = attempts(item) + 1;
            if (attempts >= options.maxAttempts()) {
                return Failed.by(failure(retry.cause()));
            }
            someGoBack = true;
            long after = Nanos.of(retry.after());
            return new Again(
                    after > 0 ? RetryDelay.atLeast(after) : RetryDelay.nanos(options, attempts, beganNanos), attempts);
        }
        return said;
    }

    private static boolean wasCalled(Item<?, ?> item) {
        Entry<?, ?> entry = item.entry();
        return entry != null && entry.called;
    }

    private static int attempts(Item<?, ?> item) {
        Entry<?, ?> entry = item.entry();
        return entry == null ? 0 : entry.attempts;
    }

    /** The processor has ended, with results read unless something was thrown. */
    private void end(Frame frame, @Nullable Throwable thrown) {
        int callSize = to - from;
        int values = distinct == null ? calledCount() : distinct.size();
        boolean halve = thrown != null && values > 1 && isOneItemsFault(thrown);
        State next = close(thrown, halve);
        if (next == State.HANDED_OVER) {
            if (halve && report != null) {
                report.halve(callSize);
            }
            frame.forgetLent();
            frame.handOver(engine, engine.again(this));
            return;
        }
        BatchOutcome outcome = report == null || next == State.ABANDONED ? null : outcome();
        comesBack = quick && frame.isOurs();
        frame.handOver(engine, engine.returned(this, next == State.ABANDONED));
        if (next == State.RETURNED) {
            Settlement<T, R> settling = engine.settlement(items(), ends, count, this);
            settlement = settling;
            frame.enter(settling);
            tellFinished(outcome, thrown);
            frame.leave();
            settle(frame, settling);
        }
    }

    private void settle(Frame frame, Settlement<T, R> settling) {
        HeldBack held = frame.heldBack();
        boolean settled;
        if (held != null && (plentyBehind || !held.isEmpty())) {
            settled = settleOrHold(frame, held, settling);
        } else {
            settled = settling.atBatchEnd(frame);
            if (!settled) {
                frame.forgetLent();
            }
        }
        if (settled || comesBack) {
            frame.comeBack(engine, engine.release(this, settled));
        }
    }

    /** Settles what nobody waits for, all if that is true; the rest comes behind what the thread holds already. */
    private boolean settleOrHold(Frame frame, HeldBack held, Settlement<T, R> settling) {
        Settlement<T, R> awaited = settling.settleUnawaited(frame);
        if (awaited != null) {
            held.add(awaited, endedNanos);
        }
        if (!held.isEmpty() && (!plentyBehind || held.isLongEnough(endedNanos))) {
            if (awaited == null) {
                engine.start(engine.release(this, true)); // nobody would see that this one waits for the held ones
            }
            frame.settleHeld();
        }
        return awaited == null;
    }

    /** From here on these are all its items: the others are settled, and the arrays that were lent are needed again. */
    synchronized void keepOnly(
            Settlement<T, R> rest, Item<T, R>[] unsettled, @Nullable Object[] theirEnds, int howMany) {
        settlement = rest;
        items = unsettled;
        ends = theirEnds;
        count = howMany;
    }

    /** Its thread is not to be waited for any more. From any thread. */
    void giveUpReservation() {
        engine.start(engine.release(this, false));
    }

    /** The last of it is settled. From any thread. */
    void settled() {
        engine.settled(this);
    }

    /** Whether its processor is still to be called or to return. */
    boolean isToReturn() {
        State now = state;
        return now == State.HANDED_OVER || now == State.RUNNING;
    }

    /** Whether an item is in it. */
    synchronized boolean contains(Object item) {
        for (int i = 0; items != null && i < count; i++) {
            if (items[i] == item) {
                return true;
            }
        }
        return load.contains(item);
    }

    /** Whether slots were empty yet when it came for them. By the thread that has come, or later ones. */
    boolean hasLate() {
        return load.hasLate();
    }

    /** Under the engine's lock: slots whose items were not stored yet when it came for them. */
    synchronized @Nullable Late takeLate() {
        return load.takeLate();
    }

    private boolean isOneItemsFault(Throwable thrown) {
        Predicate<? super Throwable> isolated = engine.isolated();
        if (isolated == null || thrown instanceof BatchResultException || thrown instanceof RateLimitedException) {
            return false;
        }
        try {
            return isolated.test(thrown);
        } catch (Throwable failure) {
            LOG.log(
                    Level.WARNING,
                    "The predicate given to isolateFailures of batcher '" + engine.name() + "' failed; the whole batch"
                            + " fails with what its processor threw",
                    failure);
            return false;
        }
    }

    /** Gives the items of the call their ends, or begins another call; returns the new state. */
    private synchronized State close(@Nullable Throwable thrown, boolean halve) {
        if (state == State.ABANDONED) {
            return state;
        }
        stampEnd();
        boolean more = false;
        if (halve) {
            if (laterEnds == null) {
                laterEnds = new ArrayDeque<>();
                ends = new @Nullable Object[count]; // the lent one may hold those of an earlier batch
            }
            failUnhashed();
            laterEnds.push(to);
            to = from + (to - from) / 2;
            more = true;
        } else if (thrown instanceof RateLimitedException limited) {
            holdNanos = RetryDelay.atLeast(Nanos.of(limited.retryAfter()));
            someGoBack = true;
            for (int i = from; i < count; i++) {
                ends[i] = new Again(0, attempts(items()[i]));
            }
            failUnhashed();
        } else {
            if (thrown != null) {
                fail(Failed.by(failure(thrown)));
                failUnhashed();
            }
            if (to < count && laterEnds != null) {
                from = to;
                to = laterEnds.pop();
                more = true;
            }
        }
        handOvers += more ? 1 : 0;
        waits = more;
        state = more ? State.HANDED_OVER : State.RETURNED;
        return state;
    }

    /** Fails the items of the call, but for those that have got their own ends. */
    private void fail(Failed failed) {
        for (int i = from; i < to; i++) {
            if (!hasOwnEnd(i)) {
                ends[i] = failed;
            }
        }
    }

    /** Whether an item of a half is not in its call: it failed alone in an earlier one, or was ended by others. */
    private boolean hasOwnEnd(int i) {
        return laterEnds != null && (ends[i] instanceof Failed || ends[i] instanceof Again);
    }

    /**
     * What callers hear of what the processor threw or said. An exception that a caller would take for one about its own
     * item or its own cancel is the cause of another.
     */
    private Throwable failure(Throwable said) {
        Throwable inner = Results.peel(said); // what join throws is wrapped, and futures unwrap it again
        if (inner instanceof BatchResultException breach && !breach.isDelivered()) {
            return breach.of(engine.name(), to - from);
        }
        if (inner instanceof BatcherException) {
            return Refusal.letOut(engine.name(), to - from, inner);
        }
        return inner instanceof CancellationException
                ? Refusal.cancelledProcessor(engine.name(), to - from, inner)
                : said;
    }

    /** Under the engine's lock: the items that are to be tried again leave the batch, unless they are settled. */
    synchronized void giveBack(Dispatcher<T, R> dispatcher) {
        int kept = 0;
        for (int i = 0; someGoBack && i < count; i++) {
            Item<T, R> item = items()[i];
            if (ends[i] instanceof Again again && item.giveBack()) {
                giveBack(dispatcher, i, again);
            } else {
                items()[kept] = item;
                ends[kept++] = ends[i];
            }
        }
        if (someGoBack) {
            wentBack = count - kept;
            count = kept;
        }
    }

    private void giveBack(Dispatcher<T, R> dispatcher, int i, Again again) {
        retried += again.attempts() > attempts(items()[i]) ? 1 : 0;
        dispatcher.giveBack(entryAt(i), again);
    }

    /** Under the engine's lock: how many items with an entry have left the queue for good, once the batch has ended. */
    synchronized int gone() {
        return load.entryCount() - wentBack;
    }

    /** The record that an item has, or gets when it comes back for the first time. */
    private Entry<T, R> entryAt(int i) {
        Item<T, R> item = items()[i];
        Entry<T, R> known = item.entry();
        if (known != null) {
            return known;
        }
        long since = sinceNanos == null ? engine.time().nanoTime() - Nanos.FOREVER : sinceNanos;
        Entry<T, R> entry = new Entry<>(item, line, 0, since);
        entry.order = firstTicket + i - withEntry;
        return entry;
    }

    // ---- what listeners hear ----

    private BatchOutcome outcome() {
        int failed = 0;
        int aborted = 0;
        for (int i = 0; i < count; i++) {
            aborted += ends[i] instanceof Failed failure && failure.outcome() == ItemOutcome.ABORTED ? 1 : 0;
            failed += ends[i] instanceof Failed || ends[i] instanceof Again ? 1 : 0;
        }
        if (failed == 0) {
            return BatchOutcome.SUCCESS;
        }
        if (failed < count) {
            return BatchOutcome.PARTIAL;
        }
        return aborted == count ? BatchOutcome.ABORTED : BatchOutcome.FAILURE;
    }

    /** Makes current what listeners want to be so during a call; they are told of the first one before. */
    private ListenerContext.Scope enter() {
        if (report == null) {
            return Noted.NOTHING;
        }
        ListenerContext.Scope scope = calls == 1 ? report.begin(items(), count) : report.resume();
        report.beforeCall(heldNanos, distinct == null || calls > 1 ? 0 : distinct.merged());
        return scope;
    }

    private void stampEnd() {
        if (report != null) {
            report.stampEnd();
        }
    }

    private void tellFinished(@Nullable BatchOutcome outcome, @Nullable Throwable failure) {
        if (report != null && outcome != null && size > 0) {
            report.finish(outcome, size, retried, failure);
        }
    }

    // ---- errors of the engine's own ----

    /**
     * Ends the batch where an error has come between, of memory or of the stack mostly: its slot becomes free, and items
     * without an end fail. What is done here may fail for the same reason, so it is tried again, on another thread at first.
     */
    void rescue(Throwable failure) {
        for (int tries = 0; tries < RESCUES; tries++) {
            try {
                endBroken(failure);
                return;
            } catch (Throwable again) {
                if (tries == 0 && isRescuedElsewhere(failure)) {
                    return;
                }
                LockSupport.parkNanos(RESCUE_AFTER_NANOS);
            }
        }
        LOG.log(Level.ERROR, "A batch of batcher '" + engine.name() + "' could not be ended", failure);
    }

    private boolean isRescuedElsewhere(Throwable failure) {
        try {
            OwnThreads.execute(() -> rescue(failure));
            return true;
        } catch (Throwable noThread) {
            return false;
        }
    }

    private void endBroken(Throwable failure) {
        State broken = breakOff(failure);
        if (broken == State.CUT) {
            return; // whoever has cut it settles its items
        }
        engine.start(engine.returned(this, broken == State.ABANDONED));
        if (broken == State.RETURNED) {
            for (int i = 0; i < count; i++) {
                items()[i].end(ends[i], 0);
            }
            engine.start(engine.release(this, true));
        }
    }

    /** Gives an end to all items that have none. */
    private synchronized State breakOff(Throwable failure) {
        if (isToReturn()) {
            if (items == null) {
                items = newItems(load.size());
            }
            if (state == State.HANDED_OVER) {
                collect(null, false); // the rest, where it had begun
            }
            Failed failed = Failed.by(failure);
            @Nullable Object[] all = Arrays.copyOf(ends, count);
            Arrays.fill(all, from, count, failed);
            ends = all;
            ended = true;
            state = State.RETURNED;
        }
        return state;
    }

    // ---- cut off ----

    /** Only after the batch has begun, by the threads that run it one after the other. */
    private Item<T, R>[] items() {
        return Objects.requireNonNull(items);
    }

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
            if (items == null) {
                items = newItems(load.size());
                collect(null, false);
            } else {
                stampEnd();
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
    synchronized Settlement<T, R> failing(Failed fresh, Failed ran, @Nullable Dispatcher<T, R> back) {
        @Nullable Object[] all = Arrays.copyOf(ends, count);
        @SuppressWarnings("unchecked") // filled from its like
        Item<T, R>[] settled = (Item<T, R>[]) new Item<?, ?>[count];
        int kept = 0;
        for (int i = 0; i < count; i++) {
            Item<T, R> item = items()[i];
            Again again =
                    i >= to ? new Again(0, attempts(item)) : i < from && all[i] instanceof Again said ? said : null;
            if (again != null && back != null && item.giveBack()) {
                giveBack(back, i, again);
                continue;
            }
            boolean called = calls > 0 || wasCalled(item);
            settled[kept] = item;
            all[kept++] = i < from && again == null ? all[i] : called ? ran : fresh;
        }
        wentBack = count - kept;
        Settlement<T, R> settlement = engine.settlement(settled, all, kept, null);
        boolean cutAfterACall = state == State.ABANDONED || (state == State.CUT && calls > 0);
        return cutAfterACall ? settlement.first(() -> tellFinished(BatchOutcome.ABORTED, ran.cause())) : settlement;
    }

    /** How many of its items are not settled. */
    synchronized int unsettled() {
        if (items == null) {
            return load.unsettled();
        }
        int unsettled = 0;
        for (int i = 0; i < count; i++) {
            unsettled += items[i].isDone() ? 0 : 1;
        }
        return unsettled;
    }
}
