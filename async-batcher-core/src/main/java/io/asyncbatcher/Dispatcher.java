package io.asyncbatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which queued items go into a batch now, and until when the others wait for more. Every change ends in
 * {@link #pump}, which binds all that may go and sets the alarm. No method runs user code. Guarded by the engine's lock.
 */
final class Dispatcher<T, R extends @Nullable Object> {

    private final BatchOwner<T, R> owner;
    private final Setup<T> setup;
    private final Backlog<T, R> backlog;
    private final Deadlines deadlines = new Deadlines();
    private final Alarm alarm;
    private final Now now;
    private final Lifecycle lifecycle;
    private final Slots<T, R> slots;
    private final Decision<T, R> decision;
    private final PartitionSchedule<T, R> partitions;
    private final Endings<T, R> endings;
    private final Admission<T, R> admission;
    private final InFlight<T, R> inFlight;
    private final Shutdown<T, R> shutdown;
    private final Effects<T, R> effects;
    private @Nullable Tally tally; // made when there is something to count

    /** How many items may be queued: the limit, or what was queued when a lower one came. */
    private long mostQueued;

    private List<TimedItem<T, R>> expired = List.of(); // while deadlines expire

    Dispatcher(
            Ports<T, R> engine,
            Setup<T> setup,
            Lifecycle lifecycle,
            TicketQueue<T, R> queue,
            PartitionQueue<T, R> main,
            @Nullable PartitionIndex<T, R> index,
            boolean sorted,
            Effects<T, R> effects,
            BatcherOptions options) {
        this.owner = engine;
        this.setup = setup;
        this.lifecycle = lifecycle;
        this.effects = effects;
        now = new Now(setup.time());
        alarm = new Alarm(setup.time(), engine::ring);
        backlog = new Backlog<>(queue, main, index, deadlines, sorted);
        slots = new Slots<>(now);
        decision = new Decision<>(backlog, slots, lifecycle, deadlines, now, options);
        partitions = new PartitionSchedule<>(backlog, decision, now);
        endings = new Endings<>(engine, setup, slots, lifecycle, deadlines, now, effects);
        admission = new Admission<>(backlog, decision, partitions, lifecycle, deadlines, now);
        inFlight = new InFlight<>(engine, setup, backlog, slots, decision, partitions, deadlines, endings, now);
        shutdown = new Shutdown<>(
                engine,
                setup,
                lifecycle,
                backlog,
                slots,
                admission,
                inFlight,
                partitions,
                deadlines,
                endings,
                effects,
                now);
        mostQueued = decision.maxQueueSize();
    }

    /** All that the engine hears of. */
    interface Ports<T, R extends @Nullable Object> extends BatchOwner<T, R>, Watchdog.Watched {

        /** The alarm has rung, on the timer's thread. */
        void ring(Object setting);
    }

    Admission<T, R> admission() {
        return admission;
    }

    InFlight<T, R> inFlight() {
        return inFlight;
    }

    Endings<T, R> endings() {
        return endings;
    }

    Shutdown<T, R> shutdown() {
        return shutdown;
    }

    BatcherOptions options() {
        return decision.options();
    }

    Tally tally() {
        if (tally == null) {
            tally = new Tally();
        }
        return tally;
    }

    /** The caller ends its item: its room is given back. True if it had some; then it counts as open until it is settled. */
    boolean withdraw(Item<T, R> item) {
        boolean removed = admission.remove(item);
        if (removed) {
            endings.open(item);
        }
        return removed;
    }

    // ---- after each change ----

    /** Binds every batch that may go now, and leaves word when to look again. */
    void pump() {
        expireOverdue();
        partitions.endWaits();
        recoverLate();
        do {
            admission.admitWaiting();
            while (!effects.isFull() && bindNext()) {
                admission.admitWaiting();
            }
        } while (!effects.isFull() && leaveWord());
        setAlarm();
        shutdown.endIfDone(alarm);
        if (!endings.isEmpty()) {
            endings.watch();
        }
        now.forget();
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
        return partitions.isUsed() ? bindInTurn() : bindIfDue(backlog.main());
    }

    private boolean bindInTurn() {
        partitions.askWaiting();
        for (PartitionQueue<T, R> next = partitions.first(); next != null; next = partitions.first()) {
            if (bindIfDue(next)) {
                return true;
            }
            partitions.standAnew(next);
        }
        return false;
    }

    /** Asks once, because a second answer may differ: a deadline that counts may be over by then. */
    private boolean bindIfDue(PartitionQueue<T, R> partition) {
        DispatchReason reason = decision.reason(partition);
        if (reason != null) {
            bind(partition, reason);
        }
        return reason != null;
    }

    /**
     * Binds a batch. Memory may be short or the stack full, so all that may fail comes first, when nothing has changed yet,
     * and what comes last may be missing.
     */
    private void bind(PartitionQueue<T, R> partition, DispatchReason reason) {
        long share = decision.share(backlog.size(partition));
        Long since = decision.lingers() ? backlog.sinceNanos(partition) : null;
        Load<T, R> load = new Load<>();
        Batch<T, R> batch = new Batch<>(
                owner,
                setup,
                new BatchBinding<>(load, partition, options(), since, backlog.head()),
                owner.report(reason));
        inFlight.limitTime(batch);

        backlog.take(partition, share, options().maxBatchWeight(), load);
        slots.take(batch);
        slots.handOver(batch);
        effects.start(batch);

        tally().dispatched(reason, load.size());
        decision.began(batch, load.size());
        partitions.standAnew(partition);
    }

    /** Hands a batch over for its next call. */
    private void callHalved() {
        Batch<T, R> batch = slots.firstHalved();
        inFlight.limitTime(batch);
        slots.removeHalved(batch);
        slots.handOver(batch);
        batch.handOverAgain();
        effects.start(batch);
    }

    /** Queues the items that were stored after their batch had come for them, or fails them where it is too late. */
    @SuppressWarnings("unchecked") // only the queue of these items stores into its cells
    private void recoverLate() {
        for (Late cell : backlog.takeLate()) {
            Item<T, R> item = (Item<T, R>) Objects.requireNonNull(cell.item);
            if (item.isDone()) {
                continue;
            }
            if (lifecycle.mayAdmitLate()) {
                backlog.addLate(item, cell, now.nanos());
            } else {
                Failed stopped = Failed.aborted(Rejections.stoppedWhileQueued(setup.name(), false));
                settle(List.of(item), new Object[] {stopped});
            }
        }
    }

    @SuppressWarnings("unchecked") // filled from its like
    private void settle(List<? extends Item<T, R>> items, Object[] ends) {
        Item<T, R>[] settled = (Item<T, R>[]) items.toArray(new Item<?, ?>[0]);
        endings.settle(new Settlement<>(setup, owner, settled, ends, ends.length, null));
    }

    private boolean leaveWord() {
        if (!lifecycle.isRunning()) {
            backlog.rejectAll();
            return false;
        }
        return backlog.leaveWord(
                decision.maxQueueSize(),
                decision.maxBatchSize(),
                decision.followsArrivals(),
                decision.hasFreeSlot(),
                decision.lingers(),
                inFlight.isQuick(),
                now);
    }

    // ---- time ----

    /** The alarm has rung. */
    void ring(Object setting) {
        alarm.hasRung(setting);
    }

    /** Ends whatever has waited long enough, so that none of it goes into a batch, however late the alarm is. */
    private void expireOverdue() {
        if (deadlines.next() == null) {
            return;
        }
        deadlines.expireDue(now.nanos());
        if (!expired.isEmpty()) {
            List<TimedItem<T, R>> items = expired;
            expired = List.of();
            Object[] ends = new Object[items.size()];
            for (int i = 0; i < ends.length; i++) {
                ends[i] = new Failed(ItemOutcome.EXPIRED, items.get(i).expiry()); // no batch gives it back any more
            }
            settle(items, ends);
        }
    }

    /** An item's time is over; called while {@link #expireOverdue} is at it. */
    void expired(TimedItem<T, R> item) {
        if (expired.isEmpty()) {
            expired = new ArrayList<>();
        }
        admission.remove(item);
        expired.add(item);
    }

    private void setAlarm() {
        if (lifecycle.isStopped()) {
            return;
        }
        long late = backlog.lateNanos(now);
        boolean set = setAlarm(late);
        boolean lingering = lifecycle.isRunning() && !partitions.isUsed() && decision.hasFreeSlot();
        set |= lingering && setAlarm(decision.waitNanos());
        long pace = slots.paceNanos();
        set |= pace > 0 && (backlog.seenRoomTaken() > 0 || slots.hasHalved()) && setAlarm(pace);
        slots.holdBack(decision.isHeldBack());
        set |= setAlarm(deadlines.next());
        set |= setAlarm(partitions.nextWait());
        if (!set) {
            alarm.cancelIfLong();
        }
    }

    private boolean setAlarm(long delayNanos) {
        if (delayNanos < Nanos.FOREVER) {
            alarm.setFor(now.nanos() + delayNanos);
        }
        return delayNanos < Nanos.FOREVER;
    }

    private boolean setAlarm(Deadlines.@Nullable Deadline next) {
        if (next != null) {
            alarm.setFor(next.deadlineNanos());
        }
        return next != null;
    }

    // ---- operating ----

    void flush() {
        if (!lifecycle.isPaused()) {
            backlog.flush();
            partitions.standAll();
        }
    }

    void pause(boolean paused) {
        lifecycle.pause(paused);
        partitions.standAll();
    }

    /** Puts other options in force, unless somebody else did in between. */
    boolean replace(BatcherOptions before, BatcherOptions after) {
        if (!options().equals(before)) {
            return false;
        }
        decision.replace(after);
        if (after.maxBatchWeight() != before.maxBatchWeight()) {
            inFlight.failTooHeavy(backlog.removeEntries(decision::isTooHeavy));
        }
        mostQueued = Math.max(decision.maxQueueSize(), backlog.roomTaken());
        backlog.reconfigure();
        partitions.standAll();
        return true;
    }

    BatcherSnapshot snapshot() {
        int items = 0;
        for (Batch<T, R> batch : slots.unsettled()) {
            items += batch.unsettled();
        }
        return new BatcherSnapshot(
                (int) Math.min(backlog.roomTaken(mostQueued), Integer.MAX_VALUE),
                oldestQueuedAge(),
                items,
                slots.busy() - slots.abandoned(),
                slots.abandoned(),
                tally().dispatches(),
                tally().rejections(),
                tally().recentSizes(),
                lifecycle.isRunning(),
                lifecycle.isPaused());
    }

    private @Nullable Duration oldestQueuedAge() {
        if (backlog.roomTaken() == 0) {
            return Duration.ZERO;
        }
        long oldest = backlog.oldestNanos(decision.lingers(), now.nanos());
        now.forget(); // reading is no change, so nobody else would
        return oldest >= Nanos.FOREVER ? null : Duration.ofNanos(oldest);
    }
}
