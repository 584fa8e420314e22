package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the user's functions say of an item when it is submitted: its weight, its partition and its priority. Where there are
 * such functions, items are queued by entries in their partitions' queues, under the engine's lock.
 */
public final class Sorting<T, R extends @Nullable Object> {

    private final String batcher;
    private final @Nullable ToLongFunction<? super T> weigher;
    private final @Nullable Function<? super T, ?> partitioner;
    private final @Nullable Priorities<T> priorities;
    private final PartitionQueue<T, R> main = new PartitionQueue<>(null, 0);
    private final @Nullable PartitionIndex<T, R> partitions;

    private Sorting(
            String batcher,
            @Nullable ToLongFunction<? super T> weigher,
            @Nullable Function<? super T, ?> partitioner,
            @Nullable ToIntFunction<? super T> prioritizer) {
        this.batcher = batcher;
        this.weigher = weigher;
        this.partitioner = partitioner;
        this.priorities = prioritizer == null ? null : new Priorities<>(batcher, prioritizer);
        this.partitions = partitioner == null ? null : new PartitionIndex<>();
    }

    /** What the functions say; null where there are none. */
    public static <T, R extends @Nullable Object> @Nullable Sorting<T, R> of(
            String batcher,
            @Nullable ToLongFunction<? super T> weigher,
            @Nullable Function<? super T, ?> partitioner,
            @Nullable ToIntFunction<? super T> prioritizer) {
        return weigher == null && partitioner == null && prioritizer == null
                ? null
                : new Sorting<>(batcher, weigher, partitioner, prioritizer);
    }

    public boolean weighs() {
        return weigher != null;
    }

    /** The one partition where there are no others. */
    PartitionQueue<T, R> main() {
        return main;
    }

    /** The partitions; null where there is only one. */
    @Nullable
    PartitionIndex<T, R> partitions() {
        return partitions;
    }

    /** Null where items have no priority. */
    @Nullable
    Priorities<T> priorities() {
        return priorities;
    }

    /** The record of an item, which belongs to its partition from now on. What the functions throw comes through. */
    public Entry<T, R> entry(Item<T, R> item, long nowNanos) {
        @SuppressWarnings("unchecked") // it has just been submitted with one
        T value = (T) Objects.requireNonNull(item.value);
        long weight = weigher == null ? 0 : weigher.applyAsLong(value);
        if (weight < 0) {
            throw new IllegalArgumentException("The weigher of batcher '" + batcher + "' gave an item a weight of "
                    + weight + "; return zero or more");
        }
        int level = priorities == null ? 0 : priorities.level(value);
        if (partitioner == null || partitions == null) {
            return entry(item, main, weight, nowNanos, level);
        }
        PartitionQueue<T, R> partition = partitions.join(key(partitioner, value));
        try {
            return entry(item, partition, weight, nowNanos, level);
        } catch (Throwable noMemory) {
            partitions.leave(partition, 1);
            throw noMemory;
        }
    }

    private Entry<T, R> entry(Item<T, R> item, PartitionQueue<T, R> partition, long weight, long nowNanos, int level) {
        return priorities == null
                ? new Entry<>(item, partition, weight, nowNanos)
                : new RankedEntry<>(item, partition, weight, nowNanos, level, priorities);
    }

    /** An item that was given a record has found no room. */
    public void forget(Entry<T, R> entry) {
        if (partitions != null) {
            partitions.leave(entry.partition, 1);
        }
    }

    private Object key(Function<? super T, ?> partitioner, T value) {
        Object key = partitioner.apply(value);
        if (key == null) {
            throw new NullPointerException("The function given to partitionBy of batcher '" + batcher
                    + "' returned null for an item; return a key");
        }
        return key;
    }
}
