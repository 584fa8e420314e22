package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Now;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a partition where items have priorities: all of them in the order of their submission and, beside that,
 * those of each level. An entry that has waited counts as one of a higher level. The first of a level has waited longest in
 * it, so the next of all is the first of some level, and nothing has to move when items age. Guarded by the engine's lock.
 */
@SuppressWarnings("serial") // nobody does
final class PriorityLevels<T, R extends @Nullable Object> extends TreeSet<Entry<T, R>> {

    private static final int LEVELS = Priorities.HIGHEST + 1;

    private final Priorities<?> priorities;
    private final @Nullable TreeSet<Entry<T, R>>[] levels = newLevels();

    PriorityLevels(Priorities<?> priorities) {
        super(Entry.BY_SUBMISSION);
        this.priorities = priorities;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // filled with its own only
    private static <T, R extends @Nullable Object> @Nullable TreeSet<Entry<T, R>>[] newLevels() {
        return (@Nullable TreeSet<Entry<T, R>>[]) new TreeSet[LEVELS];
    }

    private static int level(Object entry) {
        return entry instanceof RankedEntry<?, ?> ranked ? ranked.level : 0;
    }

    @Override
    public boolean add(Entry<T, R> entry) {
        TreeSet<Entry<T, R>> level = levels[level(entry)];
        if (level == null) {
            level = new TreeSet<>(Entry.BY_SUBMISSION);
            levels[level(entry)] = level;
        }
        level.add(entry);
        try {
            return super.add(entry);
        } catch (Throwable noMemory) {
            level.remove(entry);
            throw noMemory;
        }
    }

    @Override
    public boolean remove(@Nullable Object entry) {
        TreeSet<Entry<T, R>> level = entry == null ? null : levels[level(entry)];
        if (level != null) {
            level.remove(entry);
        }
        return super.remove(entry);
    }

    /** The entry that is next; null if there is none. Allocates nothing. */
    @Nullable
    Entry<T, R> next(Now now) {
        Entry<T, R> best = null;
        for (TreeSet<Entry<T, R>> level : levels) {
            if (level != null && !level.isEmpty()) {
                best = better(best, level.first(), now.nanos());
            }
        }
        return best;
    }

    private Entry<T, R> better(@Nullable Entry<T, R> best, Entry<T, R> other, long nowNanos) {
        if (best == null) {
            return other;
        }
        int one = priorities.reached(level(best), best.sinceNanos, nowNanos);
        int two = priorities.reached(level(other), other.sinceNanos, nowNanos);
        boolean first = one == two ? Entry.BY_SUBMISSION.compare(other, best) < 0 : two > one;
        return first ? other : best;
    }

    /** All of them, in the order in which they are next now. */
    Iterator<Entry<T, R>> inOrder(long nowNanos) {
        return new InOrder(nowNanos);
    }

    /**
     * About how many would be ahead of one that came now: all of its level and of higher ones, and of each lower one the part
     * that has waited for long enough, as if they had come at even distances.
     */
    long ahead(Entry<T, R> entry, long nowNanos) {
        double ahead = 0;
        int own = level(entry);
        for (int i = 0; i < LEVELS; i++) {
            TreeSet<Entry<T, R>> level = levels[i];
            if (level == null || level.isEmpty()) {
                continue;
            }
            double waited = Math.max(1, nowNanos - level.first().sinceNanos);
            double tooFew = i >= own ? 0 : priorities.nanosToReach(i, own) / waited;
            ahead += Math.max(0, 1 - tooFew) * level.size();
        }
        return (long) Math.ceil(ahead);
    }

    /** The heads of all levels, merged. */
    private final class InOrder implements Iterator<Entry<T, R>> {

        private final long nowNanos;
        private final @Nullable Iterator<Entry<T, R>>[] rest = newIterators();
        private final @Nullable Entry<T, R>[] heads = newEntries();

        InOrder(long nowNanos) {
            this.nowNanos = nowNanos;
            for (int i = 0; i < LEVELS; i++) {
                TreeSet<Entry<T, R>> level = levels[i];
                rest[i] = level == null ? null : level.iterator();
                advance(i);
            }
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // filled with its own only
        private static <T, R extends @Nullable Object> @Nullable Iterator<Entry<T, R>>[] newIterators() {
            return (@Nullable Iterator<Entry<T, R>>[]) new Iterator[LEVELS];
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // filled with its own only
        private static <T, R extends @Nullable Object> @Nullable Entry<T, R>[] newEntries() {
            return (@Nullable Entry<T, R>[]) new Entry[LEVELS];
        }

        private void advance(int i) {
            Iterator<Entry<T, R>> entries = rest[i];
            heads[i] = entries != null && entries.hasNext() ? entries.next() : null;
        }

        @Override
        public boolean hasNext() {
            for (Entry<T, R> head : heads) {
                if (head != null) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Entry<T, R> next() {
            Entry<T, R> best = null;
            int at = 0;
            for (int i = 0; i < LEVELS; i++) {
                Entry<T, R> head = heads[i];
                if (head != null && better(best, head, nowNanos) == head) {
                    best = head;
                    at = i;
                }
            }
            if (best == null) {
                throw new NoSuchElementException();
            }
            advance(at);
            return best;
        }
    }
}
