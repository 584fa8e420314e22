package io.asyncbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All that is queued, and since when.
 *
 * <p>Most batchers queue their items in the one {@link Queue}, without a lock. What needs an {@link Entry} stands in a
 * {@link Line} instead: every item of a batcher with weights or partitions, and otherwise an item that came back from a
 * batch. What came back is older than all in the queue, so the one main line is simply the queue's head. Those that are
 * delayed stand aside until their time has come. Used under the engine's lock.
 */
final class Backlog<T, R extends @Nullable Object> {

    private final Queue<T, R> queue;
    private final Line<T, R> main;
    private final @Nullable Partitions<T, R> partitions;
    private final boolean sorted;
    private final @Nullable Turns<T, R> turns;
    private final Deadlines deadlines;
    private final Stamps stamps = new Stamps();
    private @Nullable EntryHeap<T, R> delayed;

    /** Entries in lines, delayed ones included. */
    private long entries;

    /** The order of the next entry of a sorted batcher. */
    private long nextOrder;

    /** What comes before this one in order doesn't linger. */
    private long flushedTo;

    /** The first ticket under the present options. */
    private long configuredAt;

    /** The queue's end when it was looked at last. */
    private long seenTail;

    /** Whether items may have come since then without anybody's coming to the clock. */
    private boolean oftenSeen;

    Backlog(
            Queue<T, R> queue,
            Line<T, R> main,
            @Nullable Partitions<T, R> partitions,
            Deadlines deadlines,
            boolean sorted) {
        this.queue = queue;
        this.main = main;
        this.partitions = partitions;
        this.deadlines = deadlines;
        this.sorted = sorted;
        this.turns = partitions == null ? null : new Turns<>();
    }

    // ---- places ----

    /** Items that have a place, with those that are still to be refused because they found none. */
    long places() {
        return queue.size() + entries;
    }

    /** The same without those that found none, if there are at most so many places. */
    long places(long most) {
        return Math.min(queue.size(), most) + entries;
    }

    /** Queues an item that has been given a place; {@code sinceNanos} if it has waited for it. */
    void add(Item<T, R> item, @Nullable Entry<T, R> entry, @Nullable Long sinceNanos) {
        if (entry == null) {
            long ticket = queue.add(item);
            if (sinceNanos != null && (stamps.isEmpty() || stamps.lastTicket() < ticket)) {
                stamps.add(ticket, sinceNanos);
            }
            return;
        }
        entry.order = nextOrder++;
        link(entry);
    }

    /** Queues an item that comes back from a batch, at once or when its delay is over. */
    void addBack(Entry<T, R> entry, long delayNanos, long nowNanos) {
        entry.called = true;
        if (delayNanos <= 0) {
            link(entry);
            return;
        }
        if (delayed == null) {
            delayed = new EntryHeap<>();
        }
        entry.delayedToNanos = nowNanos + delayNanos;
        entry.delayed = true;
        entry.item.place = entry;
        entries++;
        delayed.add(entry);
        deadlines.add(entry);
    }

    /** A delay is over. */
    void addDelayed(Entry<T, R> entry) {
        remove(entry);
        link(entry);
    }

    private void link(Entry<T, R> entry) {
        entry.item.place = entry;
        entries++;
        entry.line.add(entry);
    }

    private void remove(Entry<T, R> entry) {
        if (!entry.isQueued()) {
            return;
        }
        entries--;
        if (entry.delayed && delayed != null) {
            entry.delayed = false;
            delayed.remove(entry);
        } else {
            entry.line.remove(entry);
        }
    }

    /** The line that an item belongs to, if it is queued. */
    Line<T, R> line(Item<T, R> item) {
        Entry<T, R> entry = item.entry();
        return entry == null ? main : entry.line;
    }

    /** Takes one item out of the middle: false if it isn't queued any more. */
    boolean remove(Item<T, R> item) {
        Entry<T, R> entry = item.entry();
        if (entry == null) {
            return queue.remove(item);
        }
        boolean queued = entry.isQueued();
        if (queued) {
            removeForGood(entry);
        }
        return queued;
    }

    private void removeForGood(Entry<T, R> entry) {
        remove(entry);
        leave(entry.line, 1);
    }

    /** Takes the entries of a weight, delayed ones included. */
    List<Entry<T, R>> removeEntries(LongPredicate weight) {
        List<Entry<T, R>> all = new ArrayList<>();
        lines().forEach(line -> line.addTo(all));
        if (delayed != null) {
            delayed.addTo(all);
        }
        all.removeIf(entry -> !weight.test(entry.weight));
        all.forEach(this::removeForGood);
        return all;
    }

    /** Takes all items that are queued, delayed ones included. */
    List<Entry<T, R>> removeEntries() {
        List<Entry<T, R>> all = new ArrayList<>();
        for (Line<T, R> line : lines()) {
            for (Entry<T, R> entry = line.first(); entry != null; entry = line.first()) {
                removeForGood(entry);
                all.add(entry);
            }
        }
        for (Entry<T, R> entry = firstDelayed(); entry != null; entry = firstDelayed()) {
            removeForGood(entry);
            all.add(entry);
        }
        return all;
    }

    /** Every line with something queued in it. */
    private List<Line<T, R>> lines() {
        return turns == null ? List.of(main) : turns.all();
    }

    private @Nullable Entry<T, R> firstDelayed() {
        return delayed == null ? null : delayed.first();
    }

    // ---- what is there ----

    /** Looks at how far the queue has come; the sizes until the next look are of this moment. */
    long look() {
        long arrived = seenTail;
        seenTail = queue.tail();
        return seenTail - arrived;
    }

    /** The queued items of a line. */
    long size(Line<T, R> line) {
        return line.size() + (seenTail - queue.released());
    }

    /** Places as of the last look. */
    long seenPlaces() {
        return entries + (seenTail - queue.released());
    }

    boolean isFlushed(Line<T, R> line) {
        Entry<T, R> first = line.first();
        return (first == null ? queue.head() : first.order) < flushedTo;
    }

    /** Since when the oldest item of a line lingers. */
    long sinceNanos(Line<T, R> line) {
        Entry<T, R> first = line.first();
        return first == null ? stamps.at(queue.head()) : first.sinceNanos;
    }

    void flush() {
        flushedTo = sorted ? nextOrder : queue.tail();
    }

    /** Other options are in force from here on. */
    void reconfigure() {
        configuredAt = queue.tail();
    }

    /** Takes the oldest items of a line for a batch. */
    Load<T, R> take(Line<T, R> line, long maxItems, long maxWeight) {
        if (line.size() == 0) {
            line.lingered = false;
            return queue.take(maxItems);
        }
        Line.Taken<T, R> taken = line.take(maxItems, maxWeight);
        entries -= taken.size();
        return queue.take(sorted ? 0 : maxItems - taken.size()).after(taken);
    }

    /** The next ticket to be taken for a batch. */
    long head() {
        return queue.head();
    }

    /** Everything in the queue that has no entry. */
    Load<T, R> takeQueue() {
        return queue.take(Long.MAX_VALUE);
    }

    @Nullable
    Turns<T, R> turns() {
        return turns;
    }

    Line<T, R> main() {
        return main;
    }

    /** Items of a line are gone for good. */
    void leave(Line<T, R> line, int items) {
        if (partitions != null) {
            partitions.leave(line, items);
        }
    }

    // ---- since when ----

    /**
     * Notes since when items of the queue linger: the first one on an empty queue, and then one a batch, whose thread
     * comes for it, or, where somebody looks often anyway, the next one after each look.
     */
    void stamp(boolean lingers, long batchSize, Now now) {
        if (seenTail == queue.released() || !isStamped()) {
            stamps.clear();
        }
        if (!lingers || seenTail == queue.released()) {
            return;
        }
        if (stamps.isEmpty()) {
            // what was queued under other options has lingered since nobody knows when: long enough
            long lingered = queue.head() < configuredAt ? Nanos.FOREVER : 0;
            stamps.add(queue.head(), now.nanos() - lingered);
        }
        while (!oftenSeen && seenTail > nextStamp(batchSize)) {
            stamps.add(nextStamp(batchSize), now.nanos());
        }
    }

    /** Whether there is a stamp of what is queued now. */
    private boolean isStamped() {
        return !stamps.isEmpty() && stamps.lastTicket() >= queue.emptyAt();
    }

    /** How long the oldest item has been queued; {@link Nanos#FOREVER} or longer where nobody knows. */
    long oldestNanos(boolean lingers, long nowNanos) {
        long oldest = queuedNanos(firstDelayed(), nowNanos);
        for (Line<T, R> line : lines()) {
            oldest = Math.max(oldest, queuedNanos(line.first(), nowNanos));
        }
        Item<?, ?> first = queue.first();
        if (first != null) {
            long stamp = lingers && isStamped() ? stamps.at(queue.head()) : nowNanos - Nanos.FOREVER;
            oldest = Math.max(oldest, nowNanos - submittedNanos(first, stamp));
        }
        return oldest;
    }

    private static long queuedNanos(@Nullable Entry<?, ?> entry, long nowNanos) {
        return entry == null ? 0 : nowNanos - submittedNanos(entry.item, entry.sinceNanos);
    }

    private static long submittedNanos(Item<?, ?> item, long otherwise) {
        return item instanceof TimedItem<?, ?> timed ? timed.submittedNanos : otherwise;
    }

    private long nextStamp(long batchSize) {
        return Math.max(configuredAt, Nanos.saturated(stamps.lastTicket(), batchSize));
    }

    // ---- what submitting threads have to mind ----

    /**
     * Sets the queue's marks while the batcher runs; true if a ticket has passed them unseen, and everything has to be
     * looked at again.
     *
     * @param maxPlaces from how many places on items are refused
     * @param watched whether the next item has to come to the engine, whatever it finds
     * @param awaited whether a full batch, or a full queue, could go at once
     * @param lingers whether items linger
     * @param oftenSeen whether somebody will look soon, so that nobody needs to come for a stamp
     */
    boolean leaveWord(
            long maxPlaces,
            long batchSize,
            boolean watched,
            boolean awaited,
            boolean lingers,
            boolean oftenSeen,
            Now now) {
        long released = queue.released();
        boolean unstamped = oftenSeen || this.oftenSeen; // what came since the last look, or will come until the next
        this.oftenSeen = oftenSeen;
        if (lingers && unstamped && seenTail != released && stamps.lastTicket() < seenTail) {
            stamps.add(seenTail, now.nanos());
        }
        long wakeAt = Long.MAX_VALUE;
        if (seenTail == released || watched) {
            wakeAt = seenTail;
        } else {
            if (awaited) {
                wakeAt = Nanos.saturated(released, Math.min(batchSize - main.size(), maxPlaces - entries) - 1);
            }
            if (lingers && !oftenSeen) {
                wakeAt = Math.min(wakeAt, nextStamp(batchSize));
            }
        }
        queue.limit = Nanos.saturated(released, Math.max(0, maxPlaces - entries));
        queue.closed = sorted || seenPlaces() >= maxPlaces;
        queue.wakeAt = wakeAt;
        return queue.tail() > wakeAt;
    }

    /** Sends every thread to the engine from now on. */
    void refuseAll() {
        queue.refuseAll();
        queue.wakeAt = Long.MAX_VALUE;
    }

    /** Whether a ticket's item has not left for a batch. */
    boolean holds(long ticket) {
        return queue.holds(ticket);
    }
}
