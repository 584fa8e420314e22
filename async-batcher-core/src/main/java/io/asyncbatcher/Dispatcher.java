package io.asyncbatcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What happens under the engine's lock: who gets a place, which queued items go into a batch now, until when the others
 * linger, and when a stop is complete. No method runs user code. What has to follow outside the lock is collected here:
 * batches to hand over by {@link #pump}, which ends every change; items to settle, and the end of a stop, for the engine
 * to take.
 *
 * <p>It is longer than other files because the rules by which a batch may go belong side by side.
 */
final class Dispatcher<T, R extends @Nullable Object> {

    private enum Phase {
        RUNNING,
        STOPPING,
        STOPPED
    }

    private final Engine<T, R> engine;
    private final Queue<T, R> queue;
    private final Alarm alarm;
    private final Tally tally = new Tally();
    private final Stamps stamps = new Stamps();
    private final Deadlines deadlines = new Deadlines();
    private final ArrayDeque<Waiter<T, R>> waiters = new ArrayDeque<>(0);

    /** Batches that a graceful stop waits for. */
    private final Set<Batch<T, R>> unsettled = new LinkedHashSet<>();

    private BatcherOptions options;
    private long lingerNanos;
    private Phase phase = Phase.RUNNING;
    private boolean paused;

    /** Nothing is dispatched any more: who took a ticket at the last moment is on the way to be refused. */
    private boolean forced;

    private int busySlots;
    private int abandonedSlots;

    /** Queued items before this ticket don't linger. */
    private long flushedTo;

    /** The first ticket under the present options. */
    private long configuredAt;

    /** How many items may be queued: the limit, or what was queued when a lower one came. */
    private long mostQueued;

    /** The queue's end when it was last decided that nothing may go. */
    private long seenTail;

    private CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private boolean endReached;
    private List<Settlement<T, R>> asides = new ArrayList<>(0);
    private int openAsides;

    Dispatcher(Engine<T, R> engine, Queue<T, R> queue, Alarm alarm, BatcherOptions options) {
        this.engine = engine;
        this.queue = queue;
        this.alarm = alarm;
        this.options = options;
        this.lingerNanos = Nanos.of(options.maxQueueTime());
        this.mostQueued = maxQueueSize();
    }

    // ---- admission ----

    /** Queues an item, or tells why not. */
    @Nullable
    BatcherException offer(Item<T, R> item) {
        if (phase != Phase.RUNNING) {
            return Refusal.stopped(options.name());
        }
        if (queue.size() >= maxQueueSize()) {
            return Refusal.full(options);
        }
        admit(item);
        return null;
    }

    /** Whether an item that took a ticket without asking has a place; otherwise it is queued no more. */
    boolean keeps(Item<T, R> item, long ticket) {
        boolean keeps = !queue.holds(ticket) || (phase == Phase.RUNNING && queue.size() <= maxQueueSize());
        if (!keeps) {
            queue.remove(item);
        }
        return keeps;
    }

    /** Lets a thread wait for a place that {@link #offer} could not give. */
    Waiter<T, R> await(Item<T, R> item, long nowNanos, Lock lock) {
        long patience = Math.min(Nanos.of(options.maxBlockTime()), item.nanosLeft(nowNanos));
        Waiter<T, R> waiter = new Waiter<>(item, nowNanos + patience, lock);
        waiters.add(waiter);
        deadlines.add(waiter);
        return waiter;
    }

    /** Ends a thread's wait without a place. */
    void giveUp(Waiter<T, R> waiter, BatcherException refusal) {
        waiters.remove(waiter);
        waiter.end(refusal);
    }

    /** The caller ends its item: its place is free. True if it had one; then it counts as open until it is settled. */
    boolean withdraw(Item<T, R> item) {
        boolean removed = queue.remove(item);
        openAsides += removed ? 1 : 0;
        return removed;
    }

    long rejected(RejectionReason reason) {
        return tally.rejected(reason);
    }

    private void admit(Item<T, R> item) {
        queue.add(item);
        if (item instanceof TimedItem<T, R> timed && timed.expires()) {
            deadlines.add(timed);
        }
    }

    private void admitWaiters() {
        while (!waiters.isEmpty() && queue.size() < maxQueueSize()) {
            Waiter<T, R> first = waiters.remove();
            admit(first.item);
            first.end(null);
        }
    }

    // ---- dispatch ----

    /** Binds every batch that may go now, chained, and leaves word when to look again. */
    @Nullable
    Batch<T, R> pump() {
        Batch<T, R> first = null;
        Batch<T, R> last = null;
        giveUpOverdue();
        do {
            admitWaiters();
            for (DispatchReason reason = due(); reason != null; reason = due()) {
                Batch<T, R> batch = bind(reason);
                if (last == null) {
                    first = batch;
                } else {
                    last.next = batch;
                }
                last = batch;
                admitWaiters();
            }
        } while (leaveWord());
        setAlarm();
        endStop();
        return first;
    }

    /** Why a batch may go now, or null. */
    private @Nullable DispatchReason due() {
        seenTail = queue.tail();
        long size = seenTail - queue.released();
        stamp(size);
        if (size == 0 || !hasFreeSlot()) {
            return null;
        }
        if (size >= fullSize()) {
            return DispatchReason.FULL;
        }
        if (phase != Phase.RUNNING) {
            return DispatchReason.STOP;
        }
        if (queue.head() < flushedTo) {
            return DispatchReason.FLUSH;
        }
        if (lingerNanos == 0) {
            return DispatchReason.IDLE;
        }
        return lingerEnd() - engine.time().nanoTime() <= 0 ? DispatchReason.LINGER : null;
    }

    private boolean hasFreeSlot() {
        return busySlots < limit(options.concurrency()) && !paused && !forced && phase != Phase.STOPPED;
    }

    /** At how many items a batch waits for no others: a full queue gets none. */
    private long fullSize() {
        return Math.min(maxBatchSize(), maxQueueSize());
    }

    private long lingerEnd() {
        return stamps.at(queue.head()) + lingerNanos;
    }

    private Batch<T, R> bind(DispatchReason reason) {
        Tickets<T, R> tickets = queue.take(maxBatchSize());
        Batch<T, R> batch = engine.newBatch(tickets, reason);
        tally.dispatched(reason, tickets.size());
        busySlots++;
        unsettled.add(batch);
        return batch;
    }

    /** Notes since when items linger: the first one on an empty queue, and one a batch after it. */
    private void stamp(long size) {
        if (!stamps.isEmpty() && stamps.lastTicket() < queue.emptyAt()) {
            stamps.clear();
        }
        if (lingerNanos == 0 || size == 0) {
            return;
        }
        if (stamps.isEmpty()) {
            // what was queued under other options has lingered since nobody knows when: long enough
            long lingered = queue.head() < configuredAt ? Nanos.FOREVER : 0;
            stamps.add(queue.head(), engine.time().nanoTime() - lingered);
        }
        if (seenTail > nextStamp()) {
            long now = engine.time().nanoTime();
            while (seenTail > nextStamp()) {
                stamps.add(nextStamp(), now);
            }
        }
    }

    private long nextStamp() {
        return Math.max(configuredAt, Nanos.saturated(stamps.lastTicket(), maxBatchSize()));
    }

    /** Sets the queue's marks; true if a ticket has passed them unseen, and everything has to be looked at again. */
    private boolean leaveWord() {
        long released = queue.released();
        boolean running = phase == Phase.RUNNING;
        long wakeAt = lingerNanos > 0 && seenTail > released ? nextStamp() : Long.MAX_VALUE;
        if (seenTail == released) {
            wakeAt = seenTail;
        } else if (hasFreeSlot()) {
            wakeAt = Math.min(wakeAt, Nanos.saturated(released, fullSize() - 1));
        }
        if (running) {
            queue.limit = Nanos.saturated(released, maxQueueSize());
            queue.closed = seenTail - released >= maxQueueSize();
        } else {
            queue.refuseAll();
        }
        queue.wakeAt = wakeAt;
        return queue.tail() > wakeAt;
    }

    private void setAlarm() {
        if (phase == Phase.STOPPED) {
            return;
        }
        boolean lingering = phase == Phase.RUNNING && lingerNanos > 0 && seenTail > queue.released() && hasFreeSlot();
        if (lingering) {
            alarm.setFor(lingerEnd());
        }
        Deadlines.Deadline next = deadlines.next();
        if (next != null) {
            alarm.setFor(next.deadlineNanos());
        } else if (!lingering) {
            alarm.cancelIfLong();
        }
    }

    void flush() {
        if (!paused) {
            flushedTo = queue.tail();
        }
    }

    void pause(boolean paused) {
        this.paused = paused && phase == Phase.RUNNING;
    }

    BatcherOptions options() {
        return options;
    }

    /** Puts other options in force, unless somebody else did in between. */
    boolean replace(BatcherOptions before, BatcherOptions after) {
        if (!options.equals(before)) {
            return false;
        }
        options = after;
        lingerNanos = Nanos.of(after.maxQueueTime());
        configuredAt = queue.tail();
        mostQueued = Math.max(maxQueueSize(), queue.size());
        return true;
    }

    private long maxBatchSize() {
        return limit(options.maxBatchSize());
    }

    private long maxQueueSize() {
        return limit(options.maxQueueSize());
    }

    private static long limit(int option) {
        return option == BatcherOptions.NO_LIMIT ? Long.MAX_VALUE : option;
    }

    // ---- what ends ----

    /** A processor has returned; an abandoned one late. */
    void slotFreed(boolean abandoned) {
        busySlots--;
        abandonedSlots -= abandoned ? 1 : 0;
    }

    /** Every item of the batch is settled. */
    void settled(Batch<T, R> batch) {
        unsettled.remove(batch);
    }

    /** The executor didn't take the batch. */
    void refused(Batch<T, R> batch, BatcherException failure) {
        if (batch.cutOff(false) == Batch.State.HANDED_OVER) {
            busySlots--;
            unsettled.remove(batch);
            addAside(batch.failing(ItemOutcome.ABORTED, failure, engine::asideDone));
        }
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
        long nowNanos = engine.time().nanoTime();
        List<TimedItem<T, R>> expired = new ArrayList<>();
        for (Deadlines.Deadline deadline : deadlines.due(nowNanos)) {
            if (deadline instanceof TimedItem<?, ?> item) {
                queue.remove((TimedItem<T, R>) item);
                expired.add((TimedItem<T, R>) item);
            } else if (deadline instanceof Waiter<?, ?> waiter) {
                boolean itemOver = waiter.item.nanosLeft(nowNanos) <= 0;
                giveUp((Waiter<T, R>) waiter, itemOver ? waiter.item.expiry() : Refusal.stillFull(options));
            } else if (deadline instanceof Grace grace && grace.end() == end) {
                force();
            }
        }
        if (!expired.isEmpty()) {
            Item<T, R>[] items = expired.toArray((Item<T, R>[]) new Item<?, ?>[0]);
            addAside(engine.settlement(
                    items, items.length, item -> item.fail(ItemOutcome.EXPIRED, item.expiry()), engine::asideDone));
        }
    }

    // ---- stop and start ----

    /** Begins a stop, or makes one that is under way a forced one after the grace. */
    CompletableFuture<@Nullable Void> stop(long graceNanos, long nowNanos) {
        if (phase == Phase.RUNNING) {
            phase = Phase.STOPPING;
            paused = false;
            queue.refuseAll(); // before anything is cut off: whoever takes a ticket from here on comes and is refused
            end = new CompletableFuture<>();
            waiters.forEach(waiter -> waiter.end(Refusal.stopped(options.name())));
            waiters.clear();
        }
        if (phase == Phase.STOPPING && graceNanos <= 0) {
            force();
        } else if (phase == Phase.STOPPING && graceNanos < Nanos.FOREVER) {
            deadlines.add(new Grace(nowNanos + graceNanos, end));
        }
        return end;
    }

    /** The moment at which a graceful stop becomes a forced one. */
    private record Grace(long deadlineNanos, CompletableFuture<?> end) implements Deadlines.Deadline {

        @Override
        public boolean isOver() {
            return end.isDone();
        }
    }

    private void force() {
        if (phase != Phase.STOPPING) {
            return;
        }
        forced = true;
        BatcherException queued = Refusal.stoppedWhileQueued(options.name());
        BatcherException inFlight = Refusal.stoppedInFlight(options.name());
        for (Batch<T, R> batch : unsettled) {
            Batch.State before = batch.cutOff(true);
            busySlots -= before == Batch.State.HANDED_OVER ? 1 : 0;
            abandonedSlots += before == Batch.State.RUNNING ? 1 : 0;
            addAside(batch.failing(
                    ItemOutcome.ABORTED, before == Batch.State.HANDED_OVER ? queued : inFlight, engine::asideDone));
        }
        unsettled.clear();
        Batch<T, R> rest = engine.newBatch(queue.take(Long.MAX_VALUE), DispatchReason.STOP);
        rest.cutOff(false);
        addAside(rest.failing(ItemOutcome.ABORTED, queued, engine::asideDone));
    }

    private void addAside(Settlement<T, R> aside) {
        asides.add(aside);
        openAsides++;
    }

    void asideDone() {
        openAsides--;
    }

    private void endStop() {
        if (phase == Phase.STOPPING && queue.size() == 0 && unsettled.isEmpty() && openAsides == 0) {
            phase = Phase.STOPPED;
            endReached = true;
            alarm.cancel();
        }
    }

    void start() {
        if (phase == Phase.STOPPING) {
            throw new IllegalStateException("Batcher '" + options.name()
                    + "' is still stopping; wait for the future that stop() returned before start()");
        }
        phase = Phase.RUNNING;
        forced = false;
    }

    boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    /** Items to be settled outside the lock, each once. */
    List<Settlement<T, R>> takeAsides() {
        if (asides.isEmpty()) {
            return List.of();
        }
        List<Settlement<T, R>> taken = asides;
        asides = new ArrayList<>(0);
        return taken;
    }

    /** The future to complete outside the lock if a stop has just come to its end. */
    @Nullable
    CompletableFuture<@Nullable Void> takeEnd() {
        CompletableFuture<@Nullable Void> taken = endReached ? end : null;
        endReached = false;
        return taken;
    }

    // ---- reading ----

    BatcherSnapshot snapshot() {
        int inFlight = 0;
        for (Batch<T, R> batch : unsettled) {
            inFlight += batch.unsettled();
        }
        return new BatcherSnapshot(
                (int) Math.min(queue.size(), Math.min(mostQueued, Integer.MAX_VALUE)), // less those about to be refused
                inFlight,
                busySlots - abandonedSlots,
                abandonedSlots,
                tally.dispatches(),
                tally.rejections(),
                tally.recentSizes(),
                phase == Phase.RUNNING,
                paused);
    }
}
