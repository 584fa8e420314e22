package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The queued items of a partition in the order in which batches take them, looked at without taking them. Good until the
 * queue is changed. Used under the engine's lock.
 */
public final class UpNext<T, R extends @Nullable Object> {

    private final Iterator<Entry<T, R>> entries;
    private @Nullable Chunk chunk;
    private long ticket;
    private final long end;

    /** First the entries, then the items in the cells of tickets. */
    UpNext(Iterator<Entry<T, R>> entries, @Nullable Chunk chunk, long ticket, long end) {
        this.entries = entries;
        this.chunk = chunk;
        this.ticket = ticket;
        this.end = end;
    }

    /** The next item; null after the last. Cells whose items are not stored yet are passed. */
    @SuppressWarnings("unchecked") // only the queue of these items stores into the chunk
    public @Nullable Item<T, R> next() {
        if (entries.hasNext()) {
            return entries.next().item;
        }
        for (Chunk at = chunk; at != null && ticket < end; ) {
            if (at.endsBefore(ticket)) {
                at = at.next;
                chunk = at;
                ticket = at == null ? end : Math.max(ticket, at.base);
                continue;
            }
            Item<?, ?> item = at.get(ticket++);
            if (item != null) {
                return (Item<T, R>) item;
            }
        }
        return null;
    }
}
