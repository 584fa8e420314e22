package io.asyncbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the line of a partition by its key, from any thread and without a lock, because a key's {@code equals} and
 * {@code hashCode} are the user's: they are called between reading a bucket and replacing it by compare-and-set.
 */
final class Partitions<T, R extends @Nullable Object> {

    private final ConcurrentMap<Integer, Bucket<T, R>> buckets = new ConcurrentHashMap<>();

    /** The lines whose keys have one hash code. Compared by identity. */
    private static final class Bucket<T, R extends @Nullable Object> {

        final Line<T, R> line;
        final @Nullable Bucket<T, R> next;

        Bucket(Line<T, R> line, @Nullable Bucket<T, R> next) {
            this.line = line;
            this.next = next;
        }

        static <T, R extends @Nullable Object> @Nullable Bucket<T, R> without(
                @Nullable Bucket<T, R> bucket, Line<T, R> line) {
            if (bucket == null || bucket.line == line) {
                return bucket == null ? null : bucket.next;
            }
            return new Bucket<>(bucket.line, without(bucket.next, line));
        }
    }

    /** The line of a key, with one more item counted as belonging to it. */
    Line<T, R> join(Object key) {
        int hash = key.hashCode();
        while (true) {
            Bucket<T, R> bucket = buckets.get(hash);
            for (Bucket<T, R> each = bucket; each != null; each = each.next) {
                if (key.equals(each.line.key) && each.line.join()) {
                    return each.line;
                }
            }
            Line<T, R> line = new Line<>(key, hash);
            Bucket<T, R> with = new Bucket<>(line, bucket);
            boolean added =
                    bucket == null ? buckets.putIfAbsent(hash, with) == null : buckets.replace(hash, bucket, with);
            if (added) {
                return line;
            }
        }
    }

    /** Counts items of a line off, and forgets it with the last one. */
    void leave(Line<T, R> line, int items) {
        if (line.leave(items)) {
            buckets.computeIfPresent(line.hash, (hash, bucket) -> Bucket.without(bucket, line));
        }
    }

    /** The lines of all items, wherever they are. */
    List<Line<T, R>> all() {
        List<Line<T, R>> lines = new ArrayList<>();
        for (Bucket<T, R> bucket : buckets.values()) {
            for (Bucket<T, R> each = bucket; each != null; each = each.next) {
                lines.add(each.line);
            }
        }
        return lines;
    }

    /** Keys in memory, for tests. */
    int kept() {
        return buckets.size();
    }
}
