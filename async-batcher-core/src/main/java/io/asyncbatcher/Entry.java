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

    /** Where it is linked now: in its partition, among the delayed, or nowhere. */
    @Nullable
    Line<T, R> in;

    @Nullable
    Entry<T, R> next;

    @Nullable
    Entry<T, R> previous;

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
        return in == null || in == line;
    }
}
