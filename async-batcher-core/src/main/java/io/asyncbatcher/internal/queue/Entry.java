package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Position;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The record of an item that takes more than a cell of the {@link TicketQueue}: it has a weight, a partition or a priority, or
 * it has come back from a batch. Used under the engine's lock, except for what is final.
 */
public sealed class Entry<T, R extends @Nullable Object> implements Position permits RankedEntry {

    /** The one that was submitted first comes first. No two that are queued together are equal by it. */
    static final Comparator<Entry<?, ?>> BY_SUBMISSION =
            (a, b) -> a.order == b.order ? Boolean.compare(b.late, a.late) : Long.compare(a.order, b.order);

    public final Item<T, R> item;

    /** The partition that it belongs to. */
    public final PartitionQueue<T, R> partition;

    public final long weight;

    /** Since when it lingers. */
    final long sinceNanos;

    /** Its order by submission. */
    public long order;

    /** Tries so far that ended in a wish for another. */
    public int attempts;

    /** Whether it was in a batch that the processor was called with. */
    public boolean called;

    /** Whether it is queued in its partition. */
    boolean listed;

    /** Whether it is queued among the delayed. */
    boolean delayed;

    /** Whether its item was stored too late for its batch: it comes before another of the same order. */
    boolean late;

    /** The next one of a {@link Load}. */
    @Nullable
    Entry<T, R> next;

    public Entry(Item<T, R> item, PartitionQueue<T, R> partition, long weight, long sinceNanos) {
        this.item = item;
        this.partition = partition;
        this.weight = weight;
        this.sinceNanos = sinceNanos;
    }

    /** An item's record, if it has one. */
    @SuppressWarnings("unchecked") // nobody else's is ever put there
    public static <T, R extends @Nullable Object> @Nullable Entry<T, R> of(Item<T, R> item) {
        return item.position instanceof Entry<?, ?> entry ? (Entry<T, R>) entry : null;
    }

    /** A queue for entries of its kind. */
    NavigableSet<Entry<T, R>> newQueue() {
        return new TreeSet<>(BY_SUBMISSION);
    }

    public final boolean isQueued() {
        return listed || delayed;
    }
}
