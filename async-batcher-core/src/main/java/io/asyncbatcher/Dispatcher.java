package io.asyncbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What happens under the engine's lock: who gets a place, which queued items go into a batch now, until when the others
 * wait for more, and when a stop is complete. No method runs user code. What has to follow outside the lock is collected
 * here: batches to hand over, bound by {@link #pump}, which ends every change; items to settle, and the end of a stop, for the
 * engine to take from the {@link Lifecycle}.
 *
 * <p>It is longer than other files because every event ends here, and what it changes has to be seen at one glance.
 */
final class Dispatcher<T, R extends @Nullable Object> {

    /** How many waiting partitions are asked again when a slot has become free; the others are when their time comes. */
    private static final int ASKED_AT_ONCE = 16;

    /** How many batches are bound before they are handed over: items may come faster than they can be bound. */
    private static final int AT_ONCE = 64;

    /** How long a completionExecutor has for what a timeout or a forced stop ends. */
    private static final long UNBEGUN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Engine<T, R> engine;
    private final Backlog<T, R> backlog;
    private final Deadlines deadlines;
    private final Alarm alarm;
    private final Now now;
    private final Slots<T, R> slots;
    private final Lifecycle<T, R> lifecycle;
    private final Decision<T, R> decision;
    private @Nullable Waiters<T, R> waiters; // made for the first
    private @Nullable Tally tally; // made when there is something to count

    /** How many items may be queued: the limit, or what was queued when a lower one came. */
    private long mostQueued;

    // batches that are to be handed over once the lock is released
    private @Nullable Batch<T, R> firstBound;
    private @Nullable Batch<T, R> lastBound;
    private int boundCount;

    private final Progress progress = new Progress();
    private boolean watched;

    /** Whether the last batch was quick: then somebody looks often enough, and nobody needs to be sent to the clock. */
    private boolean quick;

    Dispatcher(
            Engine<T, R> engine,
            Backlog<T, R> backlog,
            Lifecycle<T, R> lifecycle,
            Deadlines deadlines,
            Alarm alarm,
            TimeSource time,
            BatcherOptions options) {
        this.engine = engine;
        this.backlog = backlog;
        this.deadlines = deadlines;
        this.alarm = alarm;
        this.lifecycle = lifecycle;
        this.now = new Now(time);
        this.slots = new Slots<>(now);
        this.decision = new Decision<>(backlog, slots, lifecycle, deadlines, now, options);
        this.mostQueued = decision.maxQueueSize();
    }

    // ---- admission ----

    /** Queues an item, or tells why not. */
    @Nullable
    BatcherException offer(Item<T, R> item, @Nullable Entry<T, R> entry) {
        if (!lifecycle.isRunning()) {
            return Refusal.stopped(options().name());
        }
        if (entry != null && decision.isTooHeavy(entry.weight)) {
            return Refusal.tooHeavy(options(), entry.weight, false);
        }
        if (backlog.places() >= decision.maxQueueSize()) {
            return Refusal.full(options());
        }
        admit(item, entry, null);
        return null;
    }

    /** Whether an item that took a ticket without asking has a place; otherwise it is queued no more. */
    boolean keeps(Item<T, R> item, long ticket) {
        if (!backlog.holds(ticket)) {
            return lifecycle.mayAdmitLate() || !backlog.removeLate(ticket);
        }
        boolean keeps = lifecycle.isRunning() && backlog.places() <= decision.maxQueueSize();
        if (!keeps) {
            remove(item);
        }
        return keeps;
    }

    /** Lets a thread wait for a place that {@link #offer} could not give. */
    Waiter<T, R> await(Item<T, R> item, @Nullable Entry<T, R> entry, Lock lock) {
        long patience = Math.min(Nanos.of(options().maxBlockTime()), item.nanosLeft(now.nanos()));
        Waiter<T, R> waiter = new Waiter<>(item, entry, now.nanos(), patience, lock);
        waiters().add(waiter);
        deadlines.add(waiter);
        return waiter;
    }

    /** Ends a thread's wait without a place. */
    void giveUp(Waiter<T, R> waiter, BatcherException refusal) {
        waiters().giveUp(waiter, refusal);
    }

    /** The caller ends its item: its place is free. True if it had one; then it counts as open until it is settled. */
    boolean withdraw(Item<T, R> item) {
        boolean removed = remove(item);
        if (removed) {
            lifecycle.open(item);
        }
        return removed;
    }

    private boolean remove(Item<T, R> item) {
        Line<T, R> line = backlog.line(item);
        boolean removed = backlog.remove(item);
        if (removed) {
            stand(line);
        }
        return removed;
    }

    long rejected(RejectionReason reason) {
        return tally().rejected(reason);
    }

    private Tally tally() {
        if (tally == null) {
            tally = new Tally();
        }
        return tally;
    }

    private void admit(Item<T, R> item, @Nullable Entry<T, R> entry, @Nullable Long sinceNanos) {
        boolean first = backlog.places() == 0;
        backlog.add(item, entry, sinceNanos);
        if (item instanceof TimedItem<T, R> timed && timed.expires()) {
            deadlines.add(timed);
        }
        if (entry != null) {
            decision.arrived(first);
            stand(entry.line);
        }
    }

    private Waiters<T, R> waiters() {
        if (waiters == null) {
            waiters = new Waiters<>();
        }
        return waiters;
    }

    private void admitWaiters() {
        while (waiters != null && !waiters.isEmpty() && backlog.places() < decision.maxQueueSize()) {
            Waiter<T, R> first = waiters.poll();
            if (first != null && first.entry != null && decision.isTooHeavy(first.entry.weight)) {
                first.end(Refusal.tooHeavy(options(), first.entry.weight, false)); // the limit is lower by now
            } else if (first != null) {
                admit(first.item, first.entry, decision.lingers() ? first.sinceNanos : null);
                first.end(null);
            }
        }
    }

    // ---- dispatch ----

    /** Binds every batch that may go now, and leaves word when to look again. What was bound is there for {@link #takeBound}. */
    void pump() {
        giveUpOverdue();
        endWaits();
        recoverLate();
        do {
            admitWaiters();
            while (boundCount < AT_ONCE && bindNext()) {
                admitWaiters();
            }
        } while (boundCount < AT_ONCE && leaveWord());
        setAlarm();
        endStop();
        if (!lifecycle.open().isEmpty()) {
            watch();
        }
        now.forget();
    }

    /** Takes the batches that were bound, chained, to be handed over; also where the change then failed. */
    @Nullable
    Batch<T, R> takeBound() {
        Batch<T, R> first = firstBound;
        if (lastBound != null) {
            lastBound.moreMayGo = boundCount == AT_ONCE; // these are handed over first
        }
        firstBound = null;
        lastBound = null;
        boundCount = 0;
        return first;
    }

    private void addBound(Batch<T, R> batch) {
        if (lastBound == null) {
            firstBound = batch;
        } else {
            lastBound.next = batch;
        }
        lastBound = batch;
        boundCount++;
    }

    /** Binds a batch that may go now: false if there is none. */
    private boolean bindNext() {
        decision.look();
        if (slots.hasHalved() && decision.isOnPace()) {
            callHalved();
            return true;
        }
        if (!decision.hasFreeSlot()) {
            return false;
        }
        Turns<T, R> turns = backlog.turns();
        return turns == null ? bindIfDue(backlog.main()) : bindInTurn(turns);
    }

    private boolean bindInTurn(Turns<T, R> turns) {
        if (decision.isAdaptive() || backlog.seenPlaces() >= decision.maxQueueSize()) {
            turns.waiting(ASKED_AT_ONCE).forEach(this::stand);
        }
        for (Line<T, R> line = turns.first(); line != null; line = turns.first()) {
            if (bindIfDue(line)) {
                return true;
            }
            standAnew(turns, line);
        }
        return false;
    }

    /** Asks once, because a second answer may differ: a deadline that counts may be over by then. */
    private boolean bindIfDue(Line<T, R> line) {
        DispatchReason reason = decision.reason(line);
        if (reason != null) {
            bind(line, reason);
        }
        return reason != null;
    }

    private void standAnew(Turns<T, R> turns, Line<T, R> line) {
        turns.endTurn(line);
        stand(line);
    }

    /** Puts a partition in its place among those that wait or are due. */
    private void stand(Line<T, R> line) {
        Turns<T, R> turns = backlog.turns();
        if (turns == null) {
            return;
        }
        boolean due = decision.reason(line) != null;
        turns.stand(line, due ? Line.Standing.DUE : line.size() == 0 ? Line.Standing.EMPTY : Line.Standing.WAITING);
        if (line.standing == Line.Standing.WAITING && decision.waitNanos() < Nanos.FOREVER) {
            long untilNanos = now.nanos() + decision.waitNanos();
            if (line.wait == null || line.wait.deadlineNanos() - untilNanos > 0) {
                line.wait = new Line.Wait(line, untilNanos);
                turns.waits.add(line.wait);
            }
        }
    }

    /** Looks again at the partitions that have waited for as long as was decided. */
    @SuppressWarnings("unchecked") // only its own lines
    private void endWaits() {
        Turns<T, R> turns = backlog.turns();
        if (turns == null || turns.waits.next() == null) {
            return;
        }
        for (Deadlines.Deadline wait = turns.waits.pollDue(now.nanos());
                wait != null;
                wait = turns.waits.pollDue(now.nanos())) {
            Line<T, R> line = (Line<T, R>) ((Line.Wait) wait).line;
            line.wait = null;
            stand(line);
        }
    }

    /** Looks at every partition, those that wait for longest first; the others are in their place unless a failure kept them from it. */
    private void standAll() {
        if (backlog.turns() != null) {
            backlog.turns().waiting(Integer.MAX_VALUE).forEach(this::stand);
            backlog.partitions().forEach(this::stand);
        }
    }

    /**
     * Binds a batch. Memory may be short or the stack full, so all that may fail comes first, when nothing has changed yet,
     * and what comes last may be missing.
     */
    private void bind(Line<T, R> line, DispatchReason reason) {
        long share = decision.share(backlog.size(line));
        Long since = decision.lingers() ? backlog.sinceNanos(line) : null;
        Load<T, R> load = new Load<>();
        Batch<T, R> batch = engine.newBatch(new Batch.Binding<>(load, line, reason, options(), since, backlog.head()));
        limitTime(batch);

        backlog.take(line, share, options().maxBatchWeight(), load);
        slots.take(batch);
        slots.handOver(batch);
        addBound(batch);

        tally().dispatched(reason, load.size());
        decision.began(batch, load.size());
        Turns<T, R> turns = backlog.turns();
        if (turns != null) {
            standAnew(turns, line);
        }
    }

    /** Hands a batch over for its next call. */
    private void callHalved() {
        Batch<T, R> batch = slots.firstHalved();
        limitTime(batch);
        slots.removeHalved(batch);
        slots.handOver(batch);
        batch.handOverAgain();
        addBound(batch);
    }

    /** Begins the time of a hand-over of a batch. */
    private void limitTime(Batch<T, R> batch) {
        Duration timeout = options().batchTimeout();
        batch.limited = timeout != null;
        if (timeout != null) {
            batch.overNanos = now.nanos() + Nanos.of(timeout);
            deadlines.add(new TimeOut(batch, batch.handOvers(), batch.overNanos));
        }
    }

    /** The moment at which a batch is given up, if it has not got further by then. */
    private record TimeOut(Batch<?, ?> batch, int handOver, long deadlineNanos) implements Deadlines.Deadline {

        @Override
        public boolean isOver() {
            return batch.isOver(handOver);
        }
    }

    /** Queues the items that were stored after their batch had come for them, or fails them where it is too late. */
    @SuppressWarnings("unchecked") // only the queue of these items stores into its slots
    private void recoverLate() {
        for (Late slot : backlog.takeLate()) {
            Item<T, R> item = (Item<T, R>) Objects.requireNonNull(slot.item);
            if (item.isDone()) {
                continue;
            }
            if (lifecycle.mayAdmitLate()) {
                backlog.addLate(item, slot, now.nanos());
            } else {
                Failed stopped = aborted(Refusal.stoppedWhileQueued(options().name(), false));
                addAside(engine.settlement((Item<T, R>[]) new Item<?, ?>[] {item}, new Object[] {stopped}, 1, null));
            }
        }
    }

    private boolean leaveWord() {
        if (!lifecycle.isRunning()) {
            backlog.refuseAll();
            return false;
        }
        return backlog.leaveWord(
                decision.maxQueueSize(),
                decision.maxBatchSize(),
                decision.followsArrivals(),
                decision.hasFreeSlot(),
                decision.lingers(),
                quick && slots.taken() > 0,
                now);
    }

    private void setAlarm() {
        if (lifecycle.isStopped()) {
            return;
        }
        long late = backlog.lateNanos(now);
        boolean set = late < Nanos.FOREVER;
        if (set) {
            alarm.setFor(now.nanos() + late);
        }
        boolean lingering = lifecycle.isRunning() && backlog.turns() == null && decision.hasFreeSlot();
        if (lingering && decision.waitNanos() < Nanos.FOREVER) {
            alarm.setFor(now.nanos() + decision.waitNanos());
            set = true;
        }
        long pace = slots.paceNanos();
        if (pace > 0 && pace < Nanos.FOREVER && (backlog.seenPlaces() > 0 || slots.hasHalved())) {
            alarm.setFor(now.nanos() + pace);
            set = true;
        }
        slots.holdBack(decision.isHeldBack());
        set |= setAlarm(deadlines.next());
        set |= backlog.turns() != null && setAlarm(backlog.turns().waits.next());
        if (!set) {
            alarm.cancelIfLong();
        }
    }

    private boolean setAlarm(Deadlines.@Nullable Deadline next) {
        if (next != null) {
            alarm.setFor(next.deadlineNanos());
        }
        return next != null;
    }

    void flush() {
        if (!lifecycle.isPaused()) {
            backlog.flush();
            standAll();
        }
    }

    void pause(boolean paused) {
        lifecycle.pause(paused);
        standAll();
    }

    BatcherOptions options() {
        return decision.options();
    }

    /** Puts other options in force, unless somebody else did in between. */
    boolean replace(BatcherOptions before, BatcherOptions after) {
        if (!options().equals(before)) {
            return false;
        }
        decision.replace(after);
        if (after.maxBatchWeight() != before.maxBatchWeight()) {
            failTooHeavy(backlog.removeEntries(decision::isTooHeavy));
        }
        mostQueued = Math.max(decision.maxQueueSize(), backlog.places());
        backlog.reconfigure();
        standAll();
        return true;
    }

    // ---- what ends ----

    /** A batch's call of the processor begins, or is called off because there is nothing left to call it with. */
    void calling(Batch<T, R> batch, boolean really) {
        slots.calling(batch, really);
    }

    /** A batch keeps its slot and wants another call. */
    void again(Batch<T, R> batch) {
        if (batch.unsettled) {
            slots.callAgain(batch); // unless a forced stop has cut it off
        }
    }

    /** A processor has returned; an abandoned one late. */
    void returned(Batch<T, R> batch, boolean abandoned) {
        slots.calling(batch, false); // where the call failed before it began
        slots.removeHalved(batch);
        if (batch.hasLate()) {
            late(batch);
        }
        if (!slots.free(batch, abandoned)) {
            giveBack(batch, abandoned); // an error has come between, and this is the second attempt
            return;
        }
        quick = batch.quick;
        decision.ended(batch);
        if (abandoned) {
            return;
        }
        watch();
        if (batch.comesBack && batch.unsettled) {
            slots.reserve(batch);
            batch.plentyBehind = engine.mayHold() && decision.hasPlenty();
        }
        if (batch.holdNanos > 0) {
            slots.hold(batch.holdNanos);
        }
        giveBack(batch, false);
        backlog.leave(batch.line, batch.gone());
    }

    private void giveBack(Batch<T, R> batch, boolean abandoned) {
        if (batch.unsettled && !abandoned) {
            batch.giveBack(this); // unless a forced stop has settled all of it
        }
    }

    /** An item goes back to the queue. */
    void giveBack(Entry<T, R> entry, Again again) {
        if (entry.isQueued()) {
            return; // by an attempt that an error has ended
        }
        entry.attempts = again.attempts();
        if (decision.isTooHeavy(entry.weight)) {
            entry.called = true;
            backlog.leave(entry.line, 1);
            failTooHeavy(List.of(entry));
            return;
        }
        backlog.addBack(entry, again.delayNanos(), now.nanos());
        stand(entry.line);
    }

    /** No batch can hold these any more, because the limit of its weight is lower than when they were accepted. */
    @SuppressWarnings("unchecked") // filled from their like
    private void failTooHeavy(List<Entry<T, R>> entries) {
        if (entries.isEmpty()) {
            return;
        }
        Item<T, R>[] items = (Item<T, R>[]) new Item<?, ?>[entries.size()];
        Object[] ends = new Object[items.length];
        for (int i = 0; i < items.length; i++) {
            Entry<T, R> entry = entries.get(i);
            items[i] = entry.item;
            ends[i] = Failed.by(Refusal.tooHeavy(options(), entry.weight, entry.called));
        }
        addAside(engine.settlement(items, ends, items.length, null));
    }

    /** Every item of the batch is settled. */
    void settled(Batch<T, R> batch) {
        slots.settled(batch);
    }

    /** The thread that settles the batch has come back, with all of it settled or not, or may not come back soon. */
    void release(Batch<T, R> batch, boolean settled) {
        slots.release(batch);
        if (settled) {
            slots.settled(batch);
        }
    }

    /** Whether an item is queued, or in a batch whose processor has not returned. */
    boolean needsSlot(Object item) {
        return backlog.contains(item)
                || slots.unsettled().stream().anyMatch(batch -> batch.isToReturn() && batch.contains(item));
    }

    /** A batch has come for items that are not stored yet. */
    void late(Batch<T, R> batch) {
        backlog.addLate(batch.takeLate(), now);
    }

    /** The executor didn't take the batch. */
    void refused(Batch<T, R> batch, Throwable cause) {
        if (batch.cutOff(false) == Batch.State.HANDED_OVER) {
            failCut(
                    batch,
                    Batch.State.HANDED_OVER,
                    Refusal.refusedByExecutor(options().name(), cause, false),
                    Refusal.refusedByExecutor(options().name(), cause, true),
                    null);
        }
    }

    /** Settles what was in a batch that has been cut off, and gives its slot back if it never began. */
    private void failCut(
            Batch<T, R> batch,
            Batch.State before,
            BatcherException fresh,
            BatcherException ran,
            @Nullable Dispatcher<T, R> back) {
        addAside(batch.failing(aborted(fresh), aborted(ran), back));
        slots.cut(batch, before);
        backlog.addLate(batch.takeLate(), now);
        if (before == Batch.State.HANDED_OVER) {
            decision.dropped(batch);
        }
        if (before != Batch.State.RETURNED) {
            backlog.leave(batch.line, batch.gone());
        }
    }

    private static Failed aborted(BatcherException failure) {
        return new Failed(ItemOutcome.ABORTED, failure);
    }

    /** The alarm has rung. */
    void ring(Object setting) {
        alarm.hasRung(setting);
    }

    /** Ends whatever has waited long enough, so that none of it goes into a batch, however late the alarm is. */
    @SuppressWarnings("unchecked") // only this dispatcher's own add deadlines
    private void giveUpOverdue() {
        if (deadlines.next() == null) {
            return;
        }
        List<TimedItem<T, R>> expired = new ArrayList<>();
        List<TimedItem<T, R>> handed = new ArrayList<>(0); // to the completionExecutor, which may have lost them
        for (Deadlines.Deadline deadline = deadlines.pollDue(now.nanos());
                deadline != null;
                deadline = deadlines.pollDue(now.nanos())) {
            if (deadline instanceof TimedItem<?, ?> item) {
                remove((TimedItem<T, R>) item);
                (item.place instanceof Handed<?, ?> ? handed : expired).add((TimedItem<T, R>) item);
            } else if (deadline instanceof Waiter<?, ?> waiter) {
                boolean itemOver = waiter.item.nanosLeft(now.nanos()) <= 0;
                giveUp((Waiter<T, R>) waiter, itemOver ? waiter.item.expiry() : Refusal.stillFull(options()));
            } else if (deadline instanceof Entry<?, ?> entry) {
                backlog.addDelayed((Entry<T, R>) entry);
                stand((Line<T, R>) entry.line);
            } else if (deadline instanceof TimeOut timeOut) {
                giveUp((Batch<T, R>) timeOut.batch(), timeOut.handOver());
            } else if (deadline instanceof Unbegun unbegun) {
                lifecycle.settleAgain((Settlement<T, R>) unbegun.settlement());
            } else if (deadline instanceof Grace grace && grace.end() == lifecycle.end()) {
                force();
            }
        }
        settleExpired(expired);
        settleExpired(handed);
    }

    @SuppressWarnings("unchecked") // filled from its like
    private void settleExpired(List<TimedItem<T, R>> expired) {
        if (expired.isEmpty()) {
            return;
        }
        Item<T, R>[] items = (Item<T, R>[]) expired.toArray(new Item<?, ?>[0]);
        Object[] ends = new Object[items.length];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = new Failed(ItemOutcome.EXPIRED, items[i].expiry()); // from here on no batch gives it back
        }
        addAside(engine.settlement(items, ends, items.length, null));
    }

    /** Leaves items to be settled outside the lock. */
    private void addAside(Settlement<T, R> aside) {
        lifecycle.addAside(aside);
        if (engine.completionExecutor() != null) {
            deadlines.add(new Unbegun(aside, now.nanos() + UNBEGUN_NANOS));
        }
    }

    /** The moment at which a completionExecutor is taken to have lost what it hasn't settled. */
    private record Unbegun(Settlement<?, ?> settlement, long deadlineNanos) implements Deadlines.Deadline {

        @Override
        public boolean isOver() {
            return settlement.isFinished();
        }
    }

    /** A batch has run out of time. */
    private void giveUp(Batch<T, R> batch, int handOver) {
        Batch.State before = batch.unsettled ? batch.cutOff(handOver) : null;
        if (before != null) {
            failCut(batch, before, Refusal.timedOut(options(), false), Refusal.timedOut(options(), true), this);
        }
    }

    // ---- stop and start ----

    /** Begins a stop, or makes one that is under way a forced one after the grace. */
    CompletableFuture<@Nullable Void> stop(long graceNanos) {
        if (lifecycle.beginStop()) {
            backlog.refuseAll(); // before anything is cut off: whoever takes a ticket from here on comes and is refused
            waiters().giveUpAll(Refusal.stopped(options().name()));
            standAll();
            watch(); // from here on for what the completionExecutor is at, too
        }
        if (graceNanos <= 0) {
            force();
        } else if (lifecycle.isStopping() && graceNanos < Nanos.FOREVER) {
            deadlines.add(new Grace(now.nanos() + graceNanos, lifecycle.end()));
        }
        return lifecycle.end();
    }

    /** The moment at which a graceful stop becomes a forced one. */
    private record Grace(long deadlineNanos, CompletableFuture<?> end) implements Deadlines.Deadline {

        @Override
        public boolean isOver() {
            return end.isDone();
        }
    }

    private void force() {
        if (!lifecycle.isStopping()) {
            return;
        }
        lifecycle.force();
        BatcherException queued = Refusal.stoppedWhileQueued(options().name(), false);
        BatcherException queuedAgain = Refusal.stoppedWhileQueued(options().name(), true);
        BatcherException inFlight = Refusal.stoppedInFlight(options().name());
        for (Batch<T, R> batch : slots.unsettled()) {
            Batch.State before = batch.cutOff(true);
            boolean begun = before != Batch.State.HANDED_OVER;
            failCut(batch, before, begun ? inFlight : queued, begun ? inFlight : queuedAgain, null);
        }
        failQueued(aborted(queued), aborted(queuedAgain));
    }

    @SuppressWarnings("unchecked") // filled from their like
    private void failQueued(Failed fresh, Failed ran) {
        List<Entry<T, R>> entries = backlog.removeEntries();
        Load<T, R> rest = backlog.takeQueue();
        Item<T, R>[] items = (Item<T, R>[]) new Item<?, ?>[entries.size() + rest.size()];
        Object[] ends = new Object[items.length];
        int count = 0;
        for (Entry<T, R> entry : entries) {
            ends[count] = entry.called ? ran : fresh;
            items[count++] = entry.item;
        }
        for (Item<T, R> item = rest.poll(); item != null; item = rest.poll()) {
            ends[count] = fresh;
            items[count++] = item;
        }
        backlog.addLate(rest.takeLate(), now);
        addAside(engine.settlement(items, ends, count, null));
    }

    void endingDone(Ending ending) {
        lifecycle.close(ending);
    }

    /** Has it looked at from now on that what is to be settled is settled. */
    private void watch() {
        if (!watched) {
            Watch.over(engine);
            watched = true;
        }
    }

    /** Looks whether what is to be settled gets on; returns what doesn't. */
    List<Ending> look() {
        List<Ending> stuck = new ArrayList<>(0);
        boolean left = false;
        progress.beginLook();
        for (Batch<T, R> batch : slots.unsettled()) {
            Settlement<T, R> settlement = batch.settlement;
            boolean byTasks = settlement != null && settlement.isByTasks(); // then only a stop waits for their threads
            if (!batch.isToReturn() && (!byTasks || lifecycle.isStopping())) {
                left = true;
                if (settlement != null && progress.isStuck(settlement, engine.looks())) {
                    stuck.add(settlement);
                }
            }
        }
        for (Ending ending : lifecycle.open()) {
            left = true;
            boolean byTasks = ending instanceof Settlement<?, ?> settlement && settlement.isByTasks();
            if (!byTasks && progress.isStuck(ending, engine.looks())) {
                stuck.add(ending);
            }
        }
        if (!left) {
            watched = false;
            progress.forget();
            Watch.forget(engine);
        }
        return stuck;
    }

    private void endStop() {
        boolean nothingLeft = backlog.places() == 0 && slots.allSettled() && !backlog.awaitsLate(now);
        if (lifecycle.endStop(nothingLeft)) {
            deadlines.sweep();
            alarm.cancel();
        }
    }

    void start() {
        lifecycle.start(options().name());
    }

    // ---- reading ----

    BatcherSnapshot snapshot() {
        int inFlight = 0;
        for (Batch<T, R> batch : slots.unsettled()) {
            inFlight += batch.unsettled();
        }
        return new BatcherSnapshot(
                (int) Math.min(backlog.places(mostQueued), Integer.MAX_VALUE),
                oldestQueuedAge(),
                inFlight,
                slots.busy() - slots.abandoned(),
                slots.abandoned(),
                tally().dispatches(),
                tally().rejections(),
                tally().recentSizes(),
                lifecycle.isRunning(),
                lifecycle.isPaused());
    }

    private @Nullable Duration oldestQueuedAge() {
        if (backlog.places() == 0) {
            return Duration.ZERO;
        }
        long oldest = backlog.oldestNanos(decision.lingers(), now.nanos());
        now.forget(); // reading is no change, so nobody else would
        return oldest >= Nanos.FOREVER ? null : Duration.ofNanos(oldest);
    }
}
