package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Now;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are queued in one partition, in the order of their submission and, where they have priorities, by these.
 * Guarded by the engine's lock, but for {@link #join} and {@link #leave}: they count, from any thread, the items that belong
 * to the partition wherever they are, so that it is forgotten with the last one.
 */
public final class PartitionQueue<T, R extends @Nullable Object> implements Bucket<T, R> {

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

    private @Nullable NavigableSet<Entry<T, R>> entries; // made for the first
    private long highWeights; // the sums of the weights' halves: neither ever overflows
    private long lowWeights;

    public Standing standing = Standing.EMPTY;

    /** Whether the batch that is forming has waited for more while a slot was free. */
    public boolean lingered;

    /** Since when it has. */
    public long lingerSinceNanos;

    /** When to decide anew. */
    public Deadlines.@Nullable Deadline wait;

    /** A partition that one item belongs to already. */
    PartitionQueue(@Nullable Object key, int hash) {
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
        return entries == null ? 0 : entries.size();
    }

    /** The weight of all that is queued here, at most {@link Long#MAX_VALUE}. */
    public long weight() {
        long high = highWeights + (lowWeights >>> Integer.SIZE);
        return high > Integer.MAX_VALUE ? Long.MAX_VALUE : (high << Integer.SIZE) + (lowWeights & LOW_BITS);
    }

    /** The entry that was submitted first, or null. */
    @Nullable
    Entry<T, R> first() {
        return entries == null || entries.isEmpty() ? null : entries.first();
    }

    /** The entry that a batch takes first, or null. */
    @Nullable
    Entry<T, R> next(Now now) {
        return entries instanceof PriorityLevels<T, R> levels ? levels.next(now) : first();
    }

    /** The entries in the order in which batches take them. */
    Iterator<Entry<T, R>> inOrder(Now now) {
        if (entries instanceof PriorityLevels<T, R> levels) {
            return levels.inOrder(now.nanos());
        }
        return entries == null ? Collections.emptyIterator() : entries.iterator();
    }

    /** How many entries batches take before one that is to be queued. */
    long ahead(Entry<T, R> entry, Now now) {
        return entries instanceof PriorityLevels<T, R> levels ? levels.ahead(entry, now.nanos()) : size();
    }

    /** Adds an entry; where memory is short, nothing has changed. */
    void add(Entry<T, R> entry) {
        if (entries == null) {
            entries = entry.newQueue();
        }
        entries.add(entry);
        entry.listed = true;
        highWeights += entry.weight >>> Integer.SIZE;
        lowWeights += entry.weight & LOW_BITS;
    }

    /** Removes an entry that is queued here. Allocates nothing. */
    void remove(Entry<T, R> entry) {
        Objects.requireNonNull(entries).remove(entry);
        entry.listed = false;
        highWeights -= entry.weight >>> Integer.SIZE;
        lowWeights -= entry.weight & LOW_BITS;
    }

    @Override
    public void addTo(List<PartitionQueue<T, R>> partitions) {
        partitions.add(this);
    }

    void addEntriesTo(List<Entry<T, R>> all) {
        if (entries != null) {
            all.addAll(entries);
        }
    }
}
