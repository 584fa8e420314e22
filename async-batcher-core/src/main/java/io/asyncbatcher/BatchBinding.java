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
        long firstTicket) {}
