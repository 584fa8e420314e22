package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/** Items that have left the queue for a batch, but not their slots yet. Used by one thread at a time. */
final class Tickets<T, R extends @Nullable Object> {

    private @Nullable Chunk chunk; // null once empty, or a batch that hangs would keep all that came after it
    private long ticket;
    private final long end;
    private final int size;

    Tickets(Chunk chunk, long from, long end, int size) {
        this.chunk = chunk;
        this.ticket = from;
        this.end = end;
        this.size = size;
    }

    /** The number of items. */
    int size() {
        return size;
    }

    /** Takes the next item out of its slot; null after the last. */
    @Nullable
    @SuppressWarnings("unchecked") // only the queue of these items stores into the chunk
    Item<T, R> poll() {
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
