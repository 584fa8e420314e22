package io.asyncbatcher;

import org.jspecify.annotations.Nullable;

/**
 * The record of an item that takes more than a slot of the {@link Queue}: it has a weight or a partition, or it has come
 * back from a batch. Used under the engine's lock, except for what is final.
 */
final class Entry<T, R extends @Nullable Object> implements Place, Deadlines.Deadline {

    final Item<T, R> item;

    /** The partition that it belongs to. */
    final Line<T, R> line;

    final long weight;

    /** Since when it lingers. */
    final long sinceNanos;

    /** Its place by submission. */
    long order;

    /** Tries so far that ended in a wish for another. */
    int attempts;

    /** Whether it was in a batch that the processor was called with. */
    boolean called;

    /** Until when it is delayed. */
    long delayedToNanos;

    /** Whether it is queued in the list of its line. */
    boolean listed;

    /** Whether it is queued in a heap: among the delayed, or in that of its line. */
    boolean heaped;

    /** Whether it is delayed. */
    boolean delayed;

    // where it is queued, for the list or the heap
    @Nullable
    Entry<T, R> next;

    @Nullable
    Entry<T, R> previous;

    @Nullable
    Entry<T, R> child;

    Entry(Item<T, R> item, Line<T, R> line, long weight, long sinceNanos) {
        this.item = item;
        this.line = line;
        this.weight = weight;
        this.sinceNanos = sinceNanos;
    }

    /** When a delayed one is to be queued again. */
    @Override
    public long deadlineNanos() {
        return delayedToNanos;
    }

    @Override
    public boolean isOver() {
        return !delayed;
    }

    boolean isQueued() {
        return listed || heaped;
    }
}
