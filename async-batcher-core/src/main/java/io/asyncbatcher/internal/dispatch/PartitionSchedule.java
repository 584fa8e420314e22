package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.queue.RoundRobin;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import org.jspecify.annotations.Nullable;

/**
 * Which partition's batch goes next: those whose batch may go take turns, the others are asked again when they have waited
 * for as long as was decided, or when a slot is free. Without partitions it does nothing. Guarded by the engine's lock.
 */
final class PartitionSchedule<T, R extends @Nullable Object> {

    /** How many waiting partitions are asked again when a slot has become free; the others are when their time comes. */
    private static final int ASKED_AT_ONCE = 16;

    private final @Nullable RoundRobin<T, R> turns;
    private final Backlog<T, R> backlog;
    private final Decision<T, R> decision;
    private final Now now;
    private final Deadlines waits = new Deadlines();

    PartitionSchedule(Backlog<T, R> backlog, Decision<T, R> decision, Now now) {
        this.turns = backlog.isPartitioned() ? new RoundRobin<>() : null;
        this.backlog = backlog;
        this.decision = decision;
        this.now = now;
    }

    boolean isUsed() {
        return turns != null;
    }

    /** How many partitions have something queued; none is counted where there is only one. */
    int queuedPartitions() {
        return turns == null ? 0 : turns.size();
    }

    /** The partition whose turn it is; null if no batch may go. It keeps its turn until {@link #standAnew}. */
    @Nullable
    PartitionQueue<T, R> first() {
        return turns == null ? null : turns.first();
    }

    /** A slot is free: those that have waited longest may go now. */
    void askWaiting() {
        if (turns != null && (decision.followsEvents() || backlog.seenRoomTaken() >= decision.maxQueueSize())) {
            turns.waiting(ASKED_AT_ONCE).forEach(this::stand);
        }
    }

    /** Ends a partition's turn, and puts it where it belongs now. */
    void standAnew(PartitionQueue<T, R> partition) {
        if (turns != null) {
            turns.endTurn(partition);
            stand(partition);
        }
    }

    /** Puts a partition in its place among those that wait or are due. */
    void stand(PartitionQueue<T, R> partition) {
        if (turns == null) {
            return;
        }
        boolean due = decision.reason(partition) != null;
        turns.stand(
                partition,
                due
                        ? PartitionQueue.Standing.DUE
                        : partition.size() == 0 ? PartitionQueue.Standing.EMPTY : PartitionQueue.Standing.WAITING);
        if (partition.standing == PartitionQueue.Standing.WAITING && decision.waitNanos() < Nanos.FOREVER) {
            long untilNanos = now.nanos() + decision.waitNanos();
            if (partition.wait == null || partition.wait.deadlineNanos() - untilNanos > 0) {
                Wait wait = new Wait(partition, untilNanos);
                partition.wait = wait;
                waits.add(wait);
            }
        }
    }

    /** Looks at every partition, those that wait for longest first; the others are in place unless an error came between. */
    void standAll() {
        if (turns != null) {
            turns.waiting(Integer.MAX_VALUE).forEach(this::stand);
            backlog.partitionQueues().forEach(this::stand);
        }
    }

    /** Looks again at the partitions that have waited for as long as was decided. */
    void endWaits() {
        if (waits.next() != null) {
            waits.expireDue(now.nanos());
        }
    }

    /** When {@link #endWaits} has something to do next, or null. */
    Deadlines.@Nullable Deadline nextWait() {
        return waits.next();
    }

    /** The moment at which a waiting partition is to be looked at again. */
    private final class Wait implements Deadlines.Deadline {

        private final PartitionQueue<T, R> partition;
        private final long untilNanos;

        Wait(PartitionQueue<T, R> partition, long untilNanos) {
            this.partition = partition;
            this.untilNanos = untilNanos;
        }

        @Override
        public long deadlineNanos() {
            return untilNanos;
        }

        @Override
        public boolean isOver() {
            return partition.wait != this;
        }

        @Override
        public void expire() {
            partition.wait = null;
            try {
                stand(partition);
            } catch (Throwable failure) {
                partition.wait = this; // for lack of memory: it expires at the next attempt
                throw failure;
            }
        }
    }
}
