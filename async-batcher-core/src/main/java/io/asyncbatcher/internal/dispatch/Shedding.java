package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.policy.ServiceEstimate;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.queue.UpNext;
import io.asyncbatcher.internal.thread.Now;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the processor from work that nobody waits for any more ({@code shedLoad}): an item that can't be expected to be done
 * within its timeout is rejected when it asks for room, or leaves the queue when a batch is made of it or the room is needed.
 *
 * <p>Nothing is shed before anything is known of the processor, and one item always goes: an item that finds nothing queued
 * and a slot free is accepted, and a batch whose items all seem to be too late takes the newest of them. So an estimate that
 * is too high is found out. Guarded by the engine's lock.
 */
final class Shedding<T, R extends @Nullable Object> {

    private final Backlog<T, R> backlog;
    private final Decision<T, R> decision;
    private final PartitionSchedule<T, R> partitions;
    private final Lifecycle lifecycle;
    private final Endings<T, R> endings;
    private final Now now;

    /** When the full queue was searched last, and not again before a batch can have changed anything. */
    private long searchedNanos;

    private boolean searched;

    Shedding(Guarded<T, R> state) {
        this.backlog = state.backlog();
        this.decision = state.decision();
        this.partitions = state.partitions();
        this.lifecycle = state.lifecycle();
        this.endings = state.endings();
        this.now = state.now();
    }

    /** What is known of the processor; null where nothing is to be shed. */
    private @Nullable ServiceEstimate known() {
        ServiceEstimate estimate = decision.estimate();
        return estimate != null && estimate.isKnown() && !lifecycle.isPaused() ? estimate : null;
    }

    // ---- at the door ----

    /** The rejection of an item that asks for room; null if it may be done in time. */
    @Nullable
    ItemExpiredException rejection(Item<T, R> item, @Nullable Entry<T, R> entry) {
        ServiceEstimate estimate = known();
        if (estimate == null
                || !(item instanceof TimedItem<T, R> timed)
                || !timed.expires()
                || (backlog.roomTaken() == 0 && decision.hasFreeSlot())) {
            return null;
        }
        ExpectedWait wait = new ExpectedWait(estimate, backlog, decision, partitions, now.nanos());
        PartitionQueue<T, R> partition = entry == null ? backlog.main() : entry.partition;
        long ahead = backlog.ahead(entry, now);
        double waits = wait.nanos(partition, ahead);
        double takes = estimate.safeNanos(wait.batchSize(partition, ahead));
        return waits + takes > timed.nanosLeft(now.nanos())
                ? timed.shed((long) waits, (long) takes, now.nanos())
                : null;
    }

    // ---- in the queue ----

    /** How many items the next batch of a partition takes, once those that would be too late in it have made room. */
    long share(PartitionQueue<T, R> partition) {
        long share = decision.share(backlog.size(partition));
        ServiceEstimate estimate = known();
        if (estimate == null) {
            return share;
        }
        List<TimedItem<T, R>> late = new ArrayList<>(0);
        // the most that are done in time together: the more there are, the longer all of them take
        long size = share;
        if (inTime(partition, estimate, size, late) < size) {
            long least = 0;
            while (size - least > 1) {
                long middle = (least + size) >>> 1;
                if (inTime(partition, estimate, middle, late) < middle) {
                    size = middle;
                } else {
                    least = middle;
                }
            }
            size = least;
            inTime(partition, estimate, Math.max(1, size), late);
        }
        if (size == 0) {
            late.remove(late.size() - 1);
        }
        remove(late, 0, estimate.safeNanos((double) Math.max(1, size)));
        return Math.max(1, size);
    }

    /** How many of so many items would be in time in a batch of so many; collects those before them that wouldn't. */
    private long inTime(
            PartitionQueue<T, R> partition, ServiceEstimate estimate, long size, List<TimedItem<T, R>> late) {
        late.clear();
        double takes = estimate.safeNanos((double) size);
        long inTime = 0;
        UpNext<T, R> queued = backlog.upNext(partition, now);
        for (Item<T, R> item = queued.next(); item != null && inTime < size; item = queued.next()) {
            if (item instanceof TimedItem<T, R> timed && timed.expires() && timed.nanosLeft(now.nanos()) < takes) {
                late.add(timed);
            } else {
                inTime++;
            }
        }
        return inTime;
    }

    /** The queue is full: those that can't be expected to be done in time make room. */
    void makeRoom() {
        ServiceEstimate estimate = known();
        if (estimate == null || (searched && now.nanos() - searchedNanos < estimate.nanos(1))) {
            return;
        }
        searched = true;
        searchedNanos = now.nanos();
        ExpectedWait wait = new ExpectedWait(estimate, backlog, decision, partitions, now.nanos());
        for (PartitionQueue<T, R> partition : backlog.partitionQueues()) {
            List<TimedItem<T, R>> late = new ArrayList<>(0);
            long ahead = 0;
            UpNext<T, R> queued = backlog.upNext(partition, now);
            for (Item<T, R> item = queued.next(); item != null; item = queued.next()) {
                if (item instanceof TimedItem<T, R> timed
                        && timed.expires()
                        && timed.nanosLeft(now.nanos()) < wait.nanos(partition, ahead) + estimate.safeNanos(1)) {
                    late.add(timed);
                } else {
                    ahead++;
                }
            }
            remove(late, (long) wait.nanos(partition, ahead), estimate.safeNanos(1));
        }
    }

    /** Removes items from the queue. Where memory is short, those that were removed end with their timeouts. */
    private void remove(List<TimedItem<T, R>> late, long waits, double takes) {
        if (late.isEmpty()) {
            return;
        }
        Endings.Failures<T, R> failures = new Endings.Failures<>();
        for (TimedItem<T, R> item : late) {
            PartitionQueue<T, R> partition = backlog.remove(item);
            if (partition != null) {
                failures.add(item, new Failed(ItemOutcome.EXPIRED, item.shed(waits, (long) takes, now.nanos())));
                partitions.stand(partition);
            }
        }
        endings.fail(failures);
    }
}
