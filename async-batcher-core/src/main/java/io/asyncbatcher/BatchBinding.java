package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher decides of a new batch.
 *
 * @param load its items
 * @param partition theirs
 * @param options in force
 * @param sinceNanos since when the oldest lingers, where items linger
 * @param firstTicket the ticket of the first item without an entry
 */
record BatchBinding<T, R extends @Nullable Object>(
        Load<T, R> load,
        PartitionQueue<T, R> partition,
        BatcherOptions options,
        @Nullable Long sinceNanos,
        long firstTicket) {

    /** The record that an item has, or gets when it comes back for the first time, by its index among those without. */
    Entry<T, R> entryOf(Item<T, R> item, int index, TimeSource time) {
        Entry<T, R> known = Entry.of(item);
        if (known != null) {
            return known;
        }
        long since = sinceNanos == null ? time.nanoTime() - Nanos.FOREVER : sinceNanos;
        Entry<T, R> entry = new Entry<>(item, partition, 0, since);
        entry.order = firstTicket + index;
        return entry;
    }
}
