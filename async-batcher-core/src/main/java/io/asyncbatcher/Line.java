package io.asyncbatcher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are queued in one partition, oldest first. Used under the engine's lock, but for {@link #join} and
 * {@link #leave}: they count, from any thread, the items that belong to the partition wherever they are, so that it is
 * forgotten with the last one.
 */
final class Line<T, R extends @Nullable Object> {

    private static final VarHandle MEMBERS;
    private static final int FORGOTTEN = -1;

    static {
        try {
            MEMBERS = MethodHandles.lookup().findVarHandle(Line.class, "members", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** How the line stands in its {@link Turns}. */
    enum Standing {
        EMPTY,
        WAITING,
        DUE
    }

    final @Nullable Object key;
    final int hash;
    private volatile int members = 1;

    private @Nullable Entry<T, R> first;
    private @Nullable Entry<T, R> last;
    private @Nullable Entry<T, R> hint; // the last that was linked in: a batch comes back in order
    private int size;
    private long weight;

    Standing standing = Standing.EMPTY;

    /** Whether the batch that is forming has waited for more while a slot was free. */
    boolean lingered;

    /** When to decide anew. */
    @Nullable
    Wait wait;

    /** A line that one item belongs to already. */
    Line(@Nullable Object key, int hash) {
        this.key = key;
        this.hash = hash;
    }

    /** Counts one more item, unless the line is forgotten. */
    boolean join() {
        int before = members;
        while (before != FORGOTTEN && !MEMBERS.compareAndSet(this, before, before + 1)) {
            before = members;
        }
        return before != FORGOTTEN;
    }

    /** Counts items off; true if these were the last, and the line is to be forgotten. */
    boolean leave(int items) {
        return key != null
                && (int) MEMBERS.getAndAdd(this, -items) == items
                && MEMBERS.compareAndSet(this, 0, FORGOTTEN);
    }

    int size() {
        return size;
    }

    /** The weight of all that is queued here. */
    long weight() {
        return weight;
    }

    @Nullable
    Entry<T, R> first() {
        return first;
    }

    /** Links an entry in by its order, looked for from the end where new ones belong, or from the head. */
    void add(Entry<T, R> entry) {
        Entry<T, R> before = last;
        if (before != null && entry.order < before.order) {
            before = hint != null && hint.in == this && hint.order < entry.order ? hint : null;
            for (Entry<T, R> each = before == null ? first : before.next;
                    each != null && each.order < entry.order;
                    each = each.next) {
                before = each;
            }
        }
        Entry<T, R> after = before == null ? first : before.next;
        hint = entry;
        entry.in = this;
        entry.previous = before;
        entry.next = after;
        if (before == null) {
            first = entry;
        } else {
            before.next = entry;
        }
        if (after == null) {
            last = entry;
        } else {
            after.previous = entry;
        }
        size++;
        weight = Nanos.saturated(weight, entry.weight);
    }

    void remove(Entry<T, R> entry) {
        Entry<T, R> before = entry.previous;
        Entry<T, R> after = entry.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        hint = hint == entry ? null : hint;
        entry.in = null;
        entry.previous = null;
        entry.next = null;
        size--;
        weight = weight == Long.MAX_VALUE ? sum() : weight - entry.weight;
    }

    /** What a sum that didn't fit is after all. */
    private long sum() {
        long sum = 0;
        for (Entry<T, R> entry = first; entry != null; entry = entry.next) {
            sum = Nanos.saturated(sum, entry.weight);
        }
        return sum;
    }

    /**
     * Takes the oldest entries for a load: as many as the limits allow, but at least one. What is
     * heavier than the limit, because that was lowered, goes alone. A {@code maxWeight} of -1 is none.
     *
     * @return how many
     */
    int take(long maxItems, long maxWeight, Load<T, R> load) {
        Entry<T, R> head = null;
        Entry<T, R> tail = null;
        int taken = 0;
        long takenWeight = 0;
        for (Entry<T, R> next = first; next != null && taken < maxItems; next = first) {
            if (taken > 0 && maxWeight != BatcherOptions.NO_LIMIT && next.weight > maxWeight - takenWeight) {
                break;
            }
            remove(next);
            takenWeight += next.weight;
            taken++;
            if (tail == null) {
                head = next;
            } else {
                tail.next = next;
            }
            tail = next;
        }
        lingered = false;
        load.add(head, taken);
        return taken;
    }

    /** The moment at which a waiting line is to be looked at again. */
    static final class Wait implements Deadlines.Deadline {

        final Line<?, ?> line;
        private final long untilNanos;

        Wait(Line<?, ?> line, long untilNanos) {
            this.line = line;
            this.untilNanos = untilNanos;
        }

        @Override
        public long deadlineNanos() {
            return untilNanos;
        }

        @Override
        public boolean isOver() {
            return line.wait != this;
        }
    }
}
