package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** The record of an item that has a priority. */
final class RankedEntry<T, R extends @Nullable Object> extends Entry<T, R> {

    /** As the user's function has said. */
    final int level;

    private final Priorities<T> priorities;

    RankedEntry(
            Item<T, R> item,
            PartitionQueue<T, R> partition,
            long weight,
            long sinceNanos,
            int level,
            Priorities<T> priorities) {
        super(item, partition, weight, sinceNanos);
        this.level = level;
        this.priorities = priorities;
    }

    @Override
    NavigableSet<Entry<T, R>> newQueue() {
        return new PriorityLevels<>(priorities);
    }
}
