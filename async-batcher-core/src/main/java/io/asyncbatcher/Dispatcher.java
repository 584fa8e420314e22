package io.asyncbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What happens under the engine's lock: who gets a place, which queued items go into a batch now, until when the others
 * wait for more, and when a stop is complete. No method runs user code. What has to follow outside the lock is collected
 * here: batches to hand over by {@link #pump}, which ends every change; items to settle, and the end of a stop, for the
 * engine to take from the {@link Lifecycle}.
 *
 * <p>It is longer than other files because every event ends here, and what it changes has to be seen at one glance.
 */
final class Dispatcher<T, R extends @Nullable Object> {

    /** How many waiting partitions are asked again when a slot has become free; the others are when their time comes. */
    private static final int ASKED_AT_ONCE = 16;

    /** How many batches are bound before they are handed over: items may come faster than they can be bound. */
    private static final int AT_ONCE = 64;

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
            return Refusal.tooHeavy(options(), entry.weight);
        }
        if (backlog.places() >= decision.maxQueueSize()) {
            return Refusal.full(options());
        }
        admit(item, entry, null);
        return null;
    }

    /** Whether an item that took a ticket without asking has a place; otherwise it is queued no more. */
    boolean keeps(Item<T, R> item, long ticket) {
        boolean keeps =
                !backlog.holds(ticket) || (lifecycle.isRunning() && backlog.places() <= decision.maxQueueSize());
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
            lifecycle.openAside();
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
            if (first != null) {
                admit(first.item, first.entry, decision.lingers() ? first.sinceNanos : null);
                first.end(null);
            }
        }
    }

    // ---- dispatch ----

    /** Binds every batch that may go now, chained, and leaves word when to look again. */
    @Nullable
    Batch<T, R> pump() {
        Batch<T, R> first = null;
        Batch<T, R> last = null;
        int bound = 0;
        giveUpOverdue();
        endWaits();
        do {
            admitWaiters();
            for (Batch<T, R> batch = next(); batch != null; batch = bound == AT_ONCE ? null : next()) {
                if (last == null) {
                    first = batch;
                } else {
                    last.next = batch;
                }
                last = batch;
                bound++;
                admitWaiters();
            }
        } while (bound < AT_ONCE && leaveWord());
        if (last != null) {
            last.moreMayGo = bound == AT_ONCE; // these are handed over first
        }
        setAlarm();
        endStop();
        now.forget();
        return first;
    }

    /** The batch that may go now, bound and with all that its hand-over takes, or null. */
    private @Nullable Batch<T, R> next() {
        decision.look();
        Batch<T, R> batch = slots.hasHalved() && decision.isOnPace() ? slots.pollHalved() : null;
        if (batch == null && decision.hasFreeSlot()) {
            Line<T, R> line = backlog.turns() == null ? backlog.main() : nextInTurn(backlog.turns());
            DispatchReason reason = line == null ? null : decision.reason(line);
            if (line != null && reason != null) {
                batch = bind(line, reason);
            }
        }
        if (batch != null) {
            handOver(batch);
        }
        return batch;
    }

    /** The partition whose turn it is. */
    private @Nullable Line<T, R> nextInTurn(Turns<T, R> turns) {
        if (decision.isAdaptive() || backlog.seenPlaces() >= decision.maxQueueSize()) {
            turns.waiting(ASKED_AT_ONCE).forEach(this::stand);
        }
        for (Line<T, R> line = turns.poll(); line != null; line = turns.poll()) {
            if (decision.reason(line) != null) {
                return line;
            }
            stand(line);
        }
        return null;
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

    private void standAll() {
        if (backlog.turns() != null) {
            backlog.turns().waiting(Integer.MAX_VALUE).forEach(this::stand);
        }
    }

    private Batch<T, R> bind(Line<T, R> line, DispatchReason reason) {
        long share = decision.share(backlog.size(line));
        Long since = decision.lingers() ? backlog.sinceNanos(line) : null;
        long firstTicket = backlog.head();
        Load<T, R> load = backlog.take(line, share, options().maxBatchWeight());
        Batch<T, R> batch = engine.newBatch(new Batch.Binding<>(load, line, reason, options(), since, firstTicket));
        tally().dispatched(reason, load.size());
        decision.began(batch, load.size());
        slots.take(batch);
        stand(line);
        return batch;
    }

    /** What begins with every hand-over of a batch. */
    private void handOver(Batch<T, R> batch) {
        slots.handOver(batch);
        Duration timeout = options().batchTimeout();
        if (timeout != null) {
            deadlines.add(new TimeOut(batch, batch.handOvers(), now.nanos() + Nanos.of(timeout)));
        }
    }

    /** The moment at which a batch is given up, if it has not got further by then. */
    private record TimeOut(Batch<?, ?> batch, int handOver, long deadlineNanos) implements Deadlines.Deadline {

        @Override
        public boolean isOver() {
            return batch.isOver(handOver);
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
        boolean set = false;
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
        slots.free(abandoned);
        quick = batch.quick;
        decision.ended(batch);
        if (abandoned) {
            return;
        }
        if (batch.comesBack && batch.unsettled) {
            slots.reserve(batch);
            batch.plentyBehind = engine.mayHold() && decision.hasPlenty();
        }
        if (batch.holdNanos > 0) {
            slots.hold(batch.holdNanos);
        }
        if (batch.unsettled) {
            batch.giveBack(this); // unless a forced stop has settled all of it
        }
        backlog.leave(batch.line, batch.gone());
    }

    /** An item goes back to the queue. */
    void giveBack(Entry<T, R> entry, Again again) {
        entry.attempts = again.attempts();
        backlog.addBack(entry, again.delayNanos(), now.nanos());
        stand(entry.line);
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

    /** Whether an item's batch has returned, and other threads than its own are about to settle it. */
    boolean isLeftToOthers(Object item) {
        return slots.unsettled().stream().anyMatch(batch -> batch.hasLeftToOthers(item));
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
        slots.cut(batch, before);
        if (before == Batch.State.HANDED_OVER) {
            decision.dropped(batch);
        }
        lifecycle.addAside(batch.failing(aborted(fresh), aborted(ran), back));
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
        List<Failed> ends = new ArrayList<>();
        for (Deadlines.Deadline deadline = deadlines.pollDue(now.nanos());
                deadline != null;
                deadline = deadlines.pollDue(now.nanos())) {
            if (deadline instanceof TimedItem<?, ?> item) {
                remove((TimedItem<T, R>) item);
                expired.add((TimedItem<T, R>) item);
                ends.add(new Failed(ItemOutcome.EXPIRED, item.expiry())); // from here on no batch gives it back
            } else if (deadline instanceof Waiter<?, ?> waiter) {
                boolean itemOver = waiter.item.nanosLeft(now.nanos()) <= 0;
                giveUp((Waiter<T, R>) waiter, itemOver ? waiter.item.expiry() : Refusal.stillFull(options()));
            } else if (deadline instanceof Entry<?, ?> entry) {
                backlog.addDelayed((Entry<T, R>) entry);
                stand((Line<T, R>) entry.line);
            } else if (deadline instanceof TimeOut timeOut) {
                giveUp((Batch<T, R>) timeOut.batch(), timeOut.handOver());
            } else if (deadline instanceof Grace grace && grace.end() == lifecycle.end()) {
                force();
            }
        }
        if (!expired.isEmpty()) {
            Item<T, R>[] items = (Item<T, R>[]) expired.toArray(new Item<?, ?>[0]);
            lifecycle.addAside(engine.settlement(items, ends.toArray(), items.length, null));
        }
    }

    /** A batch has run out of time. */
    private void giveUp(Batch<T, R> batch, int handOver) {
        Batch.State before = batch.cutOff(handOver);
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
        lifecycle.addAside(engine.settlement(items, ends, count, null));
    }

    void asideDone() {
        lifecycle.asideDone();
    }

    private void endStop() {
        if (lifecycle.endStop(backlog.places() == 0 && slots.allSettled())) {
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
