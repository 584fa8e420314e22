package io.asyncbatcher.internal.batch;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.thread.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher decides of a new batch.
 *
 * @param load its items
 * @param partition theirs
 * @param options in force
 * @param sinceNanos since when the oldest lingers; {@link #UNKNOWN} where items don't
 * @param firstTicket the ticket of the first item without an entry
 */
public record BatchBinding<T, R extends @Nullable Object>(
        Load<T, R> load, PartitionQueue<T, R> partition, BatcherOptions options, long sinceNanos, long firstTicket) {

    /** Since nobody knows when. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** The record that an item has, or gets when it comes back for the first time, by its index among those without. */
    Entry<T, R> entryOf(Item<T, R> item, int index, TimeSource time) {
        Entry<T, R> known = Entry.of(item);
        if (known != null) {
            return known;
        }
        long since = sinceNanos == UNKNOWN ? time.nanoTime() - Nanos.FOREVER : sinceNanos;
        Entry<T, R> entry = new Entry<>(item, partition, 0, since);
        entry.order = firstTicket + index;
        return entry;
    }
}
