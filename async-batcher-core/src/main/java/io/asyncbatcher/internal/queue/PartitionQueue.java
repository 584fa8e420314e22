package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are queued in one partition, oldest first: new ones in a list, because they come in order, and those
 * that come back from a batch behind newer ones in a heap. Used under the engine's lock, but for {@link #join} and
 * {@link #leave}: they count, from any thread, the items that belong to the partition wherever they are, so that it is
 * forgotten with the last one.
 */
public final class PartitionQueue<T, R extends @Nullable Object> implements PartitionIndex.Bucket<T, R> {

    private static final VarHandle MEMBERS;
    private static final int FORGOTTEN = -1;
    private static final long LOW_BITS = (1L << Integer.SIZE) - 1;

    static {
        try {
            MEMBERS = MethodHandles.lookup().findVarHandle(PartitionQueue.class, "members", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** How the partition stands in its {@link RoundRobin}. */
    public enum Standing {
        EMPTY,
        WAITING,
        DUE
    }

    final @Nullable Object key;
    final int hash;
    private volatile int members = 1;

    // the list
    private @Nullable Entry<T, R> first;
    private @Nullable Entry<T, R> last;

    private @Nullable EntryHeap<T, R> back; // made for the first that comes back behind newer ones
    private int size;
    private long highWeights; // the sums of the weights' halves: neither ever overflows
    private long lowWeights;

    public Standing standing = Standing.EMPTY;

    /** Whether the batch that is forming has waited for more while a slot was free. */
    public boolean lingered;

    /** When to decide anew. */
    public Deadlines.@Nullable Deadline wait;

    /** A partition that one item belongs to already. */
    public PartitionQueue(@Nullable Object key, int hash) {
        this.key = key;
        this.hash = hash;
    }

    /** Counts one more item, unless the partition is forgotten. */
    boolean join() {
        int before = members;
        while (before != FORGOTTEN && !MEMBERS.compareAndSet(this, before, before + 1)) {
            before = members;
        }
        return before != FORGOTTEN;
    }

    /** Counts items off; true if these were the last, and the partition is to be forgotten. */
    boolean leave(int items) {
        return key != null
                && (int) MEMBERS.getAndAdd(this, -items) == items
                && MEMBERS.compareAndSet(this, 0, FORGOTTEN);
    }

    boolean isForgotten() {
        return members == FORGOTTEN;
    }

    /** Whether this is the partition of a key, and not forgotten. Runs user code. */
    boolean isOf(Object other) {
        return !isForgotten() && other.equals(key);
    }

    public int size() {
        return size;
    }

    /** The weight of all that is queued here, at most {@link Long#MAX_VALUE}. */
    public long weight() {
        long high = highWeights + (lowWeights >>> Integer.SIZE);
        return high > Integer.MAX_VALUE ? Long.MAX_VALUE : (high << Integer.SIZE) + (lowWeights & LOW_BITS);
    }

    @Nullable
    Entry<T, R> first() {
        Entry<T, R> other = back == null ? null : back.first();
        return other == null || (first != null && first.order < other.order) ? first : other;
    }

    public void add(Entry<T, R> entry) {
        size++;
        highWeights += entry.weight >>> Integer.SIZE;
        lowWeights += entry.weight & LOW_BITS;
        Entry<T, R> before = last;
        if (before != null && entry.order < before.order) {
            if (back == null) {
                back = new EntryHeap<>();
            }
            back.add(entry);
            return;
        }
        entry.listed = true;
        entry.previous = before;
        last = entry;
        if (before == null) {
            first = entry;
        } else {
            before.next = entry;
        }
    }

    public void remove(Entry<T, R> entry) {
        size--;
        highWeights -= entry.weight >>> Integer.SIZE;
        lowWeights -= entry.weight & LOW_BITS;
        if (back != null && entry.heaped) {
            back.remove(entry);
            return;
        }
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
        entry.listed = false;
        entry.previous = null;
        entry.next = null;
    }

    @Override
    public void addTo(List<PartitionQueue<T, R>> partitions) {
        partitions.add(this);
    }

    /** Adds all entries to a list, in any order. */
    void addEntriesTo(List<Entry<T, R>> all) {
        for (Entry<T, R> entry = first; entry != null; entry = entry.next) {
            all.add(entry);
        }
        if (back != null) {
            back.addTo(all);
        }
    }

    /**
     * Takes the oldest entries for a load: as many as the limits allow, but at least one. A {@code maxWeight} of -1 is none.
     *
     * @return how many
     */
    public int take(long maxItems, long maxWeight, Load<T, R> load) {
        Entry<T, R> head = null;
        Entry<T, R> tail = null;
        int taken = 0;
        long takenWeight = 0;
        for (Entry<T, R> next = first(); next != null && taken < maxItems; next = first()) {
            if (taken > 0 && maxWeight != Limits.NONE && next.weight > maxWeight - takenWeight) {
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
}
