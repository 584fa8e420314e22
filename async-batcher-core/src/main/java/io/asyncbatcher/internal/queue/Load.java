package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Limits;
import io.asyncbatcher.internal.thread.Now;
import org.jspecify.annotations.Nullable;

/**
 * Items that have left the queue for a batch: first those with an entry, then those that are still in their cells. Used by
 * one thread at a time.
 */
public final class Load<T, R extends @Nullable Object> {

    private @Nullable Entry<T, R> entries;
    private int entryCount;
    private @Nullable Chunk chunk; // null once empty, or a batch that hangs would keep all that came after it
    private long ticket;
    private long end;
    private int cellCount;
    private @Nullable Late late;

    /**
     * Takes the next entries of a partition: as many as the limits allow, but at least one. A {@code maxWeight} of -1 is
     * none. Allocates nothing.
     */
    void takeFrom(PartitionQueue<T, R> partition, long maxItems, long maxWeight, Now now) {
        Entry<T, R> last = null;
        long weight = 0;
        for (Entry<T, R> next = partition.next(now);
                next != null && entryCount < maxItems;
                next = partition.next(now)) {
            if (last != null && maxWeight != Limits.NONE && next.weight > maxWeight - weight) {
                break;
            }
            partition.remove(next);
            if (last == null) {
                entries = next;
            } else {
                last.next = next;
            }
            last = next;
            weight += next.weight;
            entryCount++;
        }
    }

    /** Adds so many items in the cells of tickets. */
    void add(Chunk chunk, long from, long end, int size) {
        this.chunk = chunk;
        this.ticket = from;
        this.end = end;
        this.cellCount = size;
    }

    /** The number of items. */
    public int size() {
        return entryCount + cellCount;
    }

    /** Those of them that have an entry. */
    public int entryCount() {
        return entryCount;
    }

    /** The next item; null after the last. */
    @Nullable
    public Item<T, R> poll() {
        Entry<T, R> entry = entries;
        if (entry == null) {
            return pollCell();
        }
        entries = entry.next;
        entry.next = null;
        return entry.item;
    }

    @SuppressWarnings("unchecked") // only the queue of these items stores into the chunk
    private @Nullable Item<T, R> pollCell() {
        for (Chunk at = chunk; at != null && ticket < end; ) {
            if (at.endsBefore(ticket)) {
                at = at.orNewNext();
                chunk = at;
                ticket = Math.max(ticket, at.base);
                continue;
            }
            Object taken = at.take(ticket);
            if (taken == Chunk.LATE) {
                late = new Late(at, ticket, late);
            }
            ticket++;
            if (taken instanceof Item<?, ?> item) {
                return (Item<T, R>) item;
            }
        }
        chunk = null;
        return null;
    }

    /** Whether there are cells in which no item was stored yet when it was to be taken. */
    public boolean hasLate() {
        return late != null;
    }

    /** Takes the cells in which no item was stored yet when it was to be taken. */
    @Nullable
    public Late takeLate() {
        Late taken = late;
        late = null;
        return taken;
    }

    /** Whether an item is here. */
    public boolean contains(Object sought) {
        for (Entry<T, R> entry = entries; entry != null; entry = entry.next) {
            if (entry.item == sought) {
                return true;
            }
        }
        Chunk at = chunk;
        for (long next = ticket; at != null && next < end; next++) {
            while (at.endsBefore(next)) {
                at = at.orNewNext();
            }
            if (next >= at.base && at.get(next) == sought) {
                return true;
            }
        }
        return false;
    }

    /** How many of the items are not settled; they stay where they are. */
    public int unsettled() {
        int count = 0;
        for (Entry<T, R> entry = entries; entry != null; entry = entry.next) {
            count += entry.item.isDone() ? 0 : 1;
        }
        Chunk at = chunk;
        for (long next = ticket; at != null && next < end; next++) {
            while (at.endsBefore(next)) {
                at = at.orNewNext();
            }
            Item<?, ?> item = next < at.base ? null : at.get(next);
            count += item == null || item.isDone() ? 0 : 1;
        }
        return count;
    }
}
