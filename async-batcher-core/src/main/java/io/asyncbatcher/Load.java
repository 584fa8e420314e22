package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Items that have left the queue for a batch: first those with an entry, then those that are still in their slots. Used by
 * one thread at a time.
 */
final class Load<T, R extends @Nullable Object> {

    private @Nullable Entry<T, R> entries;
    private int entryCount;
    private @Nullable Chunk chunk; // null once empty, or a batch that hangs would keep all that came after it
    private long ticket;
    private final long end;
    private final int slotCount;

    /** So many items in the slots of tickets. */
    Load(Chunk chunk, long from, long end, int size) {
        this.chunk = chunk;
        this.ticket = from;
        this.end = end;
        this.slotCount = size;
    }

    /** Puts entries before what is there. */
    Load<T, R> after(Line.Taken<T, R> taken) {
        entries = taken.first();
        entryCount = taken.size();
        return this;
    }

    /** The number of items. */
    int size() {
        return entryCount + slotCount;
    }

    /** Those of them that have an entry. */
    int entryCount() {
        return entryCount;
    }

    /** The next item; null after the last. */
    @Nullable
    Item<T, R> poll() {
        Entry<T, R> entry = entries;
        if (entry == null) {
            return pollSlot();
        }
        entries = entry.next;
        entry.next = null;
        return entry.item;
    }

    @SuppressWarnings("unchecked") // only the queue of these items stores into the chunk
    private @Nullable Item<T, R> pollSlot() {
        for (Chunk at = chunk; at != null && ticket < end; ) {
            if (at.endsBefore(ticket)) {
                at = at.orNewNext();
                chunk = at;
                ticket = Math.max(ticket, at.base);
                continue;
            }
            Item<?, ?> item = at.take(ticket++);
            if (item != null) {
                return (Item<T, R>) item;
            }
        }
        chunk = null;
        return null;
    }

    /** How many of the items are not settled; they stay where they are. */
    int unsettled() {
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
