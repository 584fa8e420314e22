package io.asyncbatcher.internal.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a partition by its key, from any thread and without a lock, because a key's {@code equals},
 * {@code hashCode} and {@code compareTo} are the user's: they are called between reading a bucket and replacing it by
 * compare-and-set. Nothing of a key is called to forget it.
 */
public final class PartitionIndex<T, R extends @Nullable Object> {

    private final ConcurrentMap<Integer, Bucket<T, R>> buckets = new ConcurrentHashMap<>();

    /** The partition of a key, with one more item counted as belonging to it. */
    PartitionQueue<T, R> join(Object key) {
        int hash = key.hashCode();
        while (true) {
            Bucket<T, R> bucket = buckets.get(hash);
            PartitionQueue<T, R> known = bucket == null ? null : find(bucket, key);
            if (known != null && known.join()) {
                return known;
            }
            PartitionQueue<T, R> partition = new PartitionQueue<>(key, hash);
            try {
                if (put(bucket, partition)) {
                    return partition;
                }
            } catch (Throwable failure) {
                partition.leave(1); // whether or not it has come into the map
                throw failure;
            }
        }
    }

    private static <T, R extends @Nullable Object> @Nullable PartitionQueue<T, R> find(
            Bucket<T, R> bucket, Object key) {
        if (bucket instanceof KeyCrowd<T, R> crowd) {
            return crowd.find(key);
        }
        PartitionQueue<T, R> partition = (PartitionQueue<T, R>) bucket;
        return partition.isOf(key) ? partition : null;
    }

    private boolean put(@Nullable Bucket<T, R> bucket, PartitionQueue<T, R> partition) {
        if (bucket == null) {
            return buckets.putIfAbsent(partition.hash, partition) == null;
        }
        KeyCrowd<T, R> crowd =
                bucket instanceof KeyCrowd<T, R> several ? several : KeyCrowd.of((PartitionQueue<T, R>) bucket);
        return buckets.replace(partition.hash, bucket, crowd.with(partition));
    }

    /** Counts items of a partition off, and forgets it with the last one. Also under the engine's lock. */
    void leave(PartitionQueue<T, R> partition, int items) {
        if (partition.leave(items)) {
            try {
                buckets.computeIfPresent(
                        partition.hash, (hash, bucket) -> bucket instanceof KeyCrowd<T, R> crowd ? crowd.less() : null);
            } catch (Error noMemory) {
                // the partition is forgotten and only stays in memory; what its last item's end leads to has to go on
            }
        }
    }

    /** The partitions of all items, wherever they are. */
    List<PartitionQueue<T, R>> all() {
        List<PartitionQueue<T, R>> partitions = new ArrayList<>();
        for (Bucket<T, R> bucket : buckets.values()) {
            bucket.addTo(partitions);
        }
        return partitions;
    }

    /** Hash codes in memory, for tests. */
    int kept() {
        return buckets.size();
    }
}
