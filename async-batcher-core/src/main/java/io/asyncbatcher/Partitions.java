package io.asyncbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the line of a partition by its key, from any thread and without a lock, because a key's {@code equals},
 * {@code hashCode} and {@code compareTo} are the user's: they are called between reading a bucket and replacing it by
 * compare-and-set. Nothing of a key is called to forget it.
 */
final class Partitions<T, R extends @Nullable Object> {

    private final ConcurrentMap<Integer, Bucket<T, R>> buckets = new ConcurrentHashMap<>();

    /** What there is of one hash code: mostly one line. Compared by identity. */
    sealed interface Bucket<T, R extends @Nullable Object> permits Line, Crowd {

        /** Adds its lines to a list; forgotten ones, which have nothing queued, may be among them. */
        void addTo(List<Line<T, R>> lines);
    }

    /** The line of a key, with one more item counted as belonging to it. */
    Line<T, R> join(Object key) {
        int hash = key.hashCode();
        while (true) {
            Bucket<T, R> bucket = buckets.get(hash);
            Line<T, R> known = bucket == null ? null : find(bucket, key);
            if (known != null && known.join()) {
                return known;
            }
            Line<T, R> line = new Line<>(key, hash);
            try {
                if (put(bucket, line)) {
                    return line;
                }
            } catch (Throwable failure) {
                line.leave(1); // whether or not it has come into the map
                throw failure;
            }
        }
    }

    private static <T, R extends @Nullable Object> @Nullable Line<T, R> find(Bucket<T, R> bucket, Object key) {
        if (bucket instanceof Crowd<T, R> crowd) {
            return crowd.find(key);
        }
        Line<T, R> line = (Line<T, R>) bucket;
        return line.isOf(key) ? line : null;
    }

    private boolean put(@Nullable Bucket<T, R> bucket, Line<T, R> line) {
        if (bucket == null) {
            return buckets.putIfAbsent(line.hash, line) == null;
        }
        Crowd<T, R> crowd = bucket instanceof Crowd<T, R> several ? several : Crowd.of((Line<T, R>) bucket);
        return buckets.replace(line.hash, bucket, crowd.with(line));
    }

    /** Counts items of a line off, and forgets it with the last one. Also under the engine's lock. */
    void leave(Line<T, R> line, int items) {
        if (line.leave(items)) {
            try {
                buckets.computeIfPresent(
                        line.hash, (hash, bucket) -> bucket instanceof Crowd<T, R> crowd ? crowd.less() : null);
            } catch (Error noMemory) {
                // the line is forgotten and only stays in memory; what its last item's end leads to has to go on
            }
        }
    }

    /** The lines of all items, wherever they are. */
    List<Line<T, R>> all() {
        List<Line<T, R>> lines = new ArrayList<>();
        for (Bucket<T, R> bucket : buckets.values()) {
            bucket.addTo(lines);
        }
        return lines;
    }

    /** Hash codes in memory, for tests. */
    int kept() {
        return buckets.size();
    }
}
