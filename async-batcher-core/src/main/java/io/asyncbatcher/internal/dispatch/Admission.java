package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Items ask for room in the queue, and give it back. Guarded by the engine's lock; a thread that has to wait for room does
 * so on a condition of that lock.
 */
public final class Admission<T, R extends @Nullable Object> {

    private final Guarded<T, R> state;
    private final Backlog<T, R> backlog;
    private final Decision<T, R> decision;
    private final PartitionSchedule<T, R> partitions;
    private final Lifecycle lifecycle;
    private final Deadlines deadlines;
    private final Now now;

    /** The threads that wait for room, in the order of their coming. Made for the first. */
    private @Nullable ArrayDeque<Waiter<T, R>> waiters;

    private @Nullable Shedding<T, R> shedding; // made when load is to be shed for the first time

    public Admission(Guarded<T, R> state) {
        this.state = state;
        this.backlog = state.backlog();
        this.decision = state.decision();
        this.partitions = state.partitions();
        this.lifecycle = state.lifecycle();
        this.deadlines = state.deadlines();
        this.now = state.now();
    }

    /** What an item hears that asks for room. */
    public sealed interface Answer<T, R extends @Nullable Object> {

        /** It is queued. */
        record Queued<T, R extends @Nullable Object>() implements Answer<T, R> {}

        /** It is not. */
        record Rejected<T, R extends @Nullable Object>(
                BatcherException why, @Nullable RejectionReason reason) implements Answer<T, R> {}

        /** Its thread has to wait. */
        record Wait<T, R extends @Nullable Object>(Waiter<T, R> waiter) implements Answer<T, R> {}
    }

    /**
     * Asks for room.
     *
     * @param entry the item's record, where it needs one
     * @param waitOn the lock on which its thread may wait for room; null if it may not
     */
    public Answer<T, R> ask(Item<T, R> item, @Nullable Entry<T, R> entry, @Nullable Lock waitOn) {
        BatcherOptions options = decision.options();
        if (!lifecycle.isRunning()) {
            return new Answer.Rejected<>(Rejections.stopped(options.name()), RejectionReason.STOPPED);
        }
        if (entry != null && decision.isTooHeavy(entry.weight)) {
            return new Answer.Rejected<>(Rejections.tooHeavy(options, entry.weight, false), RejectionReason.TOO_HEAVY);
        }
        Shedding<T, R> shedding = shedding();
        BatcherException tooLate = shedding == null ? null : shedding.rejection(item, entry);
        if (tooLate != null) {
            return new Answer.Rejected<>(tooLate, RejectionReason.SHED);
        }
        if (shedding != null && backlog.roomTaken() >= decision.maxQueueSize()) {
            shedding.makeRoom();
        }
        if (backlog.roomTaken() < decision.maxQueueSize()) {
            add(item, entry, null);
            return new Answer.Queued<>();
        }
        long patienceNanos = patienceNanos(options);
        if (waitOn == null || patienceNanos == 0) {
            return new Answer.Rejected<>(Rejections.full(options), RejectionReason.FULL);
        }
        return new Answer.Wait<>(newWaiter(item, entry, patienceNanos, waitOn));
    }

    /** What sheds load; null where none is to be shed. */
    @Nullable
    Shedding<T, R> shedding() {
        if (decision.estimate() == null) {
            return null;
        }
        if (shedding == null) {
            shedding = new Shedding<>(state);
        }
        return shedding;
    }

    /** How long a thread may wait for room. */
    private static long patienceNanos(BatcherOptions options) {
        return switch (options.overflow()) {
            case REJECT -> 0;
            case BLOCK -> Nanos.of(options.maxBlockTime());
        };
    }

    private Waiter<T, R> newWaiter(Item<T, R> item, @Nullable Entry<T, R> entry, long patienceNanos, Lock lock) {
        long patience = Math.min(patienceNanos, item.nanosLeft(now.nanos()));
        Waiter<T, R> waiter = new Waiter<>(item, entry, now.nanos(), lock);
        if (waiters == null) {
            waiters = new ArrayDeque<>();
        }
        waiters.add(waiter);
        deadlines.add(now.nanos() + patience, waiter::isOver, () -> expire(waiter));
        return waiter;
    }

    /** Whether an item that took a ticket without asking has room; otherwise it is queued no more. */
    public boolean keeps(Item<T, R> item, long ticket) {
        if (!backlog.holds(ticket)) {
            return lifecycle.mayAdmitLate() || !backlog.lateCells().remove(ticket);
        }
        boolean keeps = lifecycle.isRunning() && backlog.roomTaken() <= decision.maxQueueSize();
        if (!keeps) {
            remove(item);
        }
        return keeps;
    }

    private void add(Item<T, R> item, @Nullable Entry<T, R> entry, @Nullable Long sinceNanos) {
        boolean first = backlog.roomTaken() == 0;
        backlog.add(item, entry, sinceNanos);
        if (item instanceof TimedItem<T, R> timed && timed.expires()) {
            deadlines.add(timed);
        }
        if (entry != null) {
            decision.arrived(first);
            partitions.stand(entry.partition);
        }
    }

    /** Takes one item out of the middle: false if it isn't queued any more. */
    boolean remove(Item<T, R> item) {
        PartitionQueue<T, R> partition = backlog.remove(item);
        if (partition != null) {
            partitions.stand(partition);
        }
        return partition != null;
    }

    // ---- threads that wait for room ----

    /** Queues the items of waiting threads while there is room. */
    void admitWaiting() {
        while (waiters != null && !waiters.isEmpty() && backlog.roomTaken() < decision.maxQueueSize()) {
            Waiter<T, R> first = waiters.remove();
            if (first.entry != null && decision.isTooHeavy(first.entry.weight)) {
                first.end(Rejections.tooHeavy(decision.options(), first.entry.weight, false)); // the limit is lower now
            } else {
                add(first.item, first.entry, decision.lingers() ? first.sinceNanos : null);
                first.end(null);
            }
        }
    }

    /** A thread has waited for as long as it may. */
    private void expire(Waiter<T, R> waiter) {
        boolean itemOver = waiter.item.nanosLeft(now.nanos()) <= 0;
        giveUp(waiter, itemOver ? waiter.item.expiry() : Rejections.stillFull(decision.options()));
    }

    /** Has the current thread wait for room, or for the end of its patience; returns why there is none, or null. */
    public @Nullable BatcherException await(Waiter<T, R> waiter) {
        try {
            waiter.await();
        } catch (InterruptedException interrupt) {
            giveUp(waiter, Rejections.interrupted(decision.options()));
            Thread.currentThread().interrupt();
        }
        return waiter.rejection();
    }

    private void giveUp(Waiter<T, R> waiter, BatcherException rejection) {
        Objects.requireNonNull(waiters).remove(waiter);
        waiter.end(rejection);
    }

    /** Ends every wait without room. */
    void giveUpAll(BatcherException rejection) {
        while (waiters != null && !waiters.isEmpty()) {
            waiters.remove().end(rejection);
        }
    }
}
