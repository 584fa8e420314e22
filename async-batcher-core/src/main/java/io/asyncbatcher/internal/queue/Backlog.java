package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All that is queued, and since when.
 *
 * <p>Most batchers queue their items in the one {@link TicketQueue}, without a lock. What needs an {@link Entry} stands in a
 * {@link PartitionQueue} instead: every item of a batcher with weights, partitions or priorities, and otherwise an item that
 * came back from a batch. What came back is older than all in the queue, so the one main partition is simply the queue's
 * head. Those that are delayed stand aside until their time has come. Longer than other files, because it is the one way to
 * all of that. Used under the engine's lock.
 */
public final class Backlog<T, R extends @Nullable Object> {

    private final TicketQueue<T, R> queue;
    private final PartitionQueue<T, R> main;
    private final @Nullable Sorting<T, R> sorting; // null where no item has an entry at first
    private final Deadlines deadlines;
    private @Nullable Delays<T, R> delays; // made for the first
    private final Linger<T, R> linger;
    private final LateCells lateCells = new LateCells();

    /** Entries in partitions, delayed ones included. */
    private long entries;

    /** The order of the next entry of a sorted batcher. */
    private long nextOrder;

    /** What comes before this one in order doesn't linger. */
    private long flushedTo;

    /** The queue's end when it was looked at last. */
    private long seenTail;

    public Backlog(TicketQueue<T, R> queue, @Nullable Sorting<T, R> sorting, Deadlines deadlines) {
        this.queue = queue;
        this.main = sorting == null ? new PartitionQueue<>(null, 0) : sorting.main();
        this.sorting = sorting;
        this.deadlines = deadlines;
        this.linger = new Linger<>(queue);
    }

    // ---- room ----

    /** Items that have room, with those that are still to be rejected because they found none. */
    public long roomTaken() {
        return queue.size() + entries;
    }

    /** The same without those that found none, if there is room for so many. */
    public long roomTaken(long most) {
        return Math.min(queue.size(), most) + entries;
    }

    /** Queues an item that has been given room; {@code sinceNanos} if it has waited for it. */
    public void add(Item<T, R> item, @Nullable Entry<T, R> entry, @Nullable Long sinceNanos) {
        if (entry == null) {
            long ticket = queue.add(item);
            if (sinceNanos != null) {
                linger.waitedSince(ticket, sinceNanos);
            }
            return;
        }
        entry.order = nextOrder++;
        link(entry);
    }

    /** Queues an item that comes back from a batch, at once or when its delay is over. */
    public void addBack(
            Entry<T, R> entry, long delayNanos, long nowNanos, Consumer<? super PartitionQueue<T, R>> whenDelayed) {
        entry.called = true;
        if (delayNanos <= 0) {
            link(entry);
            return;
        }
        if (delays == null) {
            delays = new Delays<>(deadlines);
        }
        Delays<T, R> aside = delays;
        aside.add(
                entry,
                nowNanos + delayNanos,
                over -> { // first, because it may find no memory
                    over.partition.add(over);
                    aside.remove(over);
                    whenDelayed.accept(over.partition);
                });
        entry.item.position = entry;
        entries++;
    }

    private void link(Entry<T, R> entry) {
        entry.partition.add(entry); // first, because it may find no memory
        entry.item.position = entry;
        entries++;
    }

    private void remove(Entry<T, R> entry) {
        if (!entry.isQueued()) {
            return;
        }
        entries--;
        if (delays == null || !delays.remove(entry)) {
            entry.partition.remove(entry);
        }
    }

    /** Takes one item out of the middle, and returns its partition; null if it isn't queued any more. */
    public @Nullable PartitionQueue<T, R> remove(Item<T, R> item) {
        Entry<T, R> entry = Entry.of(item);
        if (entry == null) {
            return queue.remove(item) ? main : null;
        }
        if (!entry.isQueued()) {
            return null;
        }
        removeForGood(entry);
        return entry.partition;
    }

    private void removeForGood(Entry<T, R> entry) {
        remove(entry);
        leave(entry.partition, 1);
    }

    /** Whether an item is queued. */
    public boolean contains(Object item) {
        return item instanceof Item<?, ?> sought
                && (sought.position instanceof Entry<?, ?> entry ? entry.isQueued() : queue.contains(sought));
    }

    /** The entries of a weight, delayed ones included, each partition's in the order of their submission. */
    public List<Entry<T, R>> entries(LongPredicate weight) {
        List<Entry<T, R>> all = new ArrayList<>();
        partitionQueues().forEach(partition -> partition.addEntriesTo(all));
        if (delays != null) {
            delays.addTo(all);
        }
        all.removeIf(entry -> !weight.test(entry.weight));
        return all;
    }

    /** Takes entries out, without allocating. */
    public void removeEntries(List<Entry<T, R>> all) {
        for (int i = 0; i < all.size(); i++) { // by index: an iterator would need memory
            removeForGood(all.get(i));
        }
    }

    /** Every partition that may have something queued in it; none is forgotten, wherever it stands. */
    public List<PartitionQueue<T, R>> partitionQueues() {
        PartitionIndex<T, R> partitions = partitions();
        return partitions == null ? List.of(main) : partitions.all();
    }

    // ---- what is there ----

    /** Looks at how far the queue has come; the sizes until the next look are of this moment. */
    public long look() {
        long arrived = seenTail;
        seenTail = queue.tail();
        return seenTail - arrived;
    }

    /** The queued items of a partition. */
    public long size(PartitionQueue<T, R> partition) {
        return partition.size() + (seenTail - queue.released());
    }

    /** How many queued items batches take before one that is to be queued. */
    public long ahead(@Nullable Entry<T, R> entry, Now now) {
        return queue.size() + (entry == null ? main.size() : entry.partition.ahead(entry, now));
    }

    /** The queued items of a partition, to be looked at. */
    public UpNext<T, R> upNext(PartitionQueue<T, R> partition, Now now) {
        return queue.behind(partition.inOrder(now));
    }

    /** Room that was taken at the last look. */
    public long seenRoomTaken() {
        return entries + (seenTail - queue.released());
    }

    public boolean isFlushed(PartitionQueue<T, R> partition) {
        Entry<T, R> first = partition.first();
        return (first == null ? queue.head() : first.order) < flushedTo;
    }

    /** Since when the oldest item of a partition lingers. */
    public long sinceNanos(PartitionQueue<T, R> partition) {
        return linger.sinceNanos(partition.first());
    }

    public void flush() {
        flushedTo = sorting == null ? queue.tail() : nextOrder;
    }

    /** Items with priorities age in such a time. */
    public void age(Duration ageing) {
        Priorities<T> priorities = sorting == null ? null : sorting.priorities();
        if (priorities != null) {
            priorities.age(ageing);
        }
    }

    /** Other options are in force from here on. */
    public void reconfigure() {
        linger.reconfigure();
    }

    /** Takes the next items of a partition for a batch, without allocating. */
    public void take(PartitionQueue<T, R> partition, long maxItems, long maxWeight, Now now, Load<T, R> load) {
        load.takeFrom(partition, maxItems, maxWeight, now);
        entries -= load.entryCount();
        if (sorting == null) {
            queue.take(maxItems - load.entryCount(), load);
        }
    }

    /** The next ticket to be taken for a batch. */
    public long head() {
        return queue.head();
    }

    /** Everything in the queue that has no entry. */
    public Load<T, R> takeQueue() {
        return queue.take(Long.MAX_VALUE);
    }

    /** Cells that were not filled when their batch came for them. */
    public LateCells lateCells() {
        return lateCells;
    }

    /** Queues an item that was stored late, where it would have been. It has waited for long enough. */
    public void addLate(Item<T, R> item, Late cell, long nowNanos) {
        Entry<T, R> entry = new Entry<>(item, main, 0, nowNanos - Nanos.FOREVER);
        entry.order = cell.ticket;
        entry.late = true;
        link(entry);
    }

    /** Whether items are sorted into partitions. */
    public boolean isPartitioned() {
        return partitions() != null;
    }

    private @Nullable PartitionIndex<T, R> partitions() {
        return sorting == null ? null : sorting.partitions();
    }

    public PartitionQueue<T, R> main() {
        return main;
    }

    /** Items of a partition are gone for good. */
    public void leave(PartitionQueue<T, R> partition, int items) {
        PartitionIndex<T, R> partitions = partitions();
        if (partitions != null) {
            partitions.leave(partition, items);
        }
    }

    // ---- since when ----

    /** Notes since when items of the queue linger. */
    public void stamp(boolean lingers, long batchSize, Now now) {
        linger.stamp(seenTail, lingers, batchSize, now);
    }

    /** How long the oldest item has been queued; {@link Nanos#FOREVER} or longer where nobody knows. */
    public long oldestNanos(boolean lingers, long nowNanos) {
        long oldest = Linger.queuedNanos(delays == null ? null : delays.first(), nowNanos);
        for (PartitionQueue<T, R> partition : partitionQueues()) {
            oldest = Math.max(oldest, Linger.queuedNanos(partition.first(), nowNanos));
        }
        return Math.max(oldest, linger.queuedNanos(lingers, nowNanos));
    }

    // ---- what submitting threads have to mind ----

    /**
     * Sets the queue's marks while the batcher runs; true if a ticket has passed them unseen, and everything has to be
     * looked at again.
     *
     * @param maxRoom from how many items on others are rejected
     * @param watched whether the next item has to come to the engine, whatever it finds
     * @param awaited whether a full batch, or a full queue, could go at once
     * @param lingers whether items linger
     * @param oftenSeen whether somebody will look soon, so that nobody needs to come for a stamp
     */
    public boolean leaveWord(
            long maxRoom,
            long batchSize,
            boolean watched,
            boolean awaited,
            boolean lingers,
            boolean oftenSeen,
            Now now) {
        long released = queue.released();
        linger.stampOftenSeen(seenTail, lingers, oftenSeen, now);
        long wakeAt = Long.MAX_VALUE;
        if (seenTail == released || watched) {
            wakeAt = seenTail;
        } else {
            if (awaited) {
                wakeAt = Nanos.saturated(released, Math.min(batchSize - main.size(), maxRoom - entries) - 1);
            }
            if (lingers && !oftenSeen) {
                wakeAt = Math.min(wakeAt, linger.nextStamp(batchSize));
            }
        }
        long limit = Nanos.saturated(released, Math.max(0, maxRoom - entries));
        return queue.mark(limit, sorting != null || seenRoomTaken() >= maxRoom, wakeAt);
    }

    /** Sends every thread to the engine from now on. */
    public void rejectAll() {
        queue.rejectAll();
    }

    /** Whether a ticket's item has not left for a batch. */
    public boolean holds(long ticket) {
        return queue.holds(ticket);
    }
}
