package io.asyncbatcher.internal.policy;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Nanos;

/**
 * The decision whether a batch that isn't full waits for more items. It reads no clock and starts nothing: what has
 * happened and what time it is come in, how long to wait comes out. Used under the engine's lock, one a batcher.
 */
public interface DispatchPolicy {

    /** No deadline. */
    long NEVER = Nanos.FOREVER;

    /**
     * What is known when a slot is free and a partition has queued items, but no full batch.
     *
     * @param nowNanos the time
     * @param queued the partition's queued items, at least 1
     * @param lingeredNanos how long it has lingered, by {@link #lingeredNanos}
     * @param lingerLeftNanos how long it may still linger by {@code maxQueueTime}; zero or less = no longer
     * @param slackNanos how long until the first deadline of a queued item, or {@link #NEVER}
     * @param freeSlots at least 1
     */
    record Moment(
            long nowNanos, int queued, long lingeredNanos, long lingerLeftNanos, long slackNanos, int freeSlots) {}

    /**
     * How much of the time for which a partition's oldest item has been queued counts as linger, when a slot is free.
     *
     * @param queuedNanos how long the item has been queued
     * @param waitedNanos how long ago the batch that is forming was told to wait, by {@link #waitNanos}, for the first time
     */
    default long lingeredNanos(long queuedNanos, long waitedNanos) {
        return queuedNanos;
    }

    /** How long to wait for more items before being asked again at the latest; zero or less = dispatch now. */
    long waitNanos(Moment moment);

    /** How many of the queued items of a partition the next batch takes, at least 1, if its limit allows so many. */
    int share(int queued);

    /** Whether a batch that isn't full may wait at all while a slot is free. */
    default boolean lingers() {
        return true;
    }

    /** Whether it wants to hear of what happens: arrivals, and how long batches take. */
    default boolean learns() {
        return false;
    }

    /**
     * Whether it is asked again at once about what waits when an item arrives or a batch ends: true where its answer depends
     * on more than time. Otherwise it is asked when the wait that it returned is over, or the batch is full.
     */
    default boolean followsEvents() {
        return learns();
    }

    /**
     * Whether each arrival is looked at, and told, at once: true where its answer depends on how many items are queued. Each
     * arrival takes the lock then. Otherwise several are told together, and later. Asked whenever nothing is left to be
     * dispatched; the answer holds until it is asked again.
     *
     * @param nowNanos the time
     * @param slotIsFree whether a slot is free, or will be in a moment
     */
    default boolean followsArrivals(long nowNanos, boolean slotIsFree) {
        return false;
    }

    /**
     * Items have arrived since it was told last.
     *
     * @param nowNanos the time
     * @param items how many
     * @param idle whether the first of them came to an empty queue while a slot was free
     */
    default void arrived(long nowNanos, int items, boolean idle) {}

    /** How many batches may run at once, if the option {@code concurrency} allows so many. */
    default long slots(long nowNanos) {
        return Long.MAX_VALUE;
    }

    /** How long until {@link #slots} may be more though nothing happens, or {@link #NEVER}. */
    default long slotsWaitNanos(long nowNanos) {
        return NEVER;
    }

    /**
     * A batch has been handed over.
     *
     * @param nowNanos the time
     * @param items its size
     * @param queued how many items are left in the queue
     * @return what {@link #ended} is to be told with
     */
    default BatchRun began(long nowNanos, int items, int queued) {
        return BatchRun.UNOBSERVED;
    }

    /**
     * A batch's processor has returned.
     *
     * @param nowNanos the time
     * @param run the batch
     * @param tookNanos how long the processor was called, without the way of the batch to its thread
     * @param queued how many items are queued
     */
    default void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {}

    /**
     * The processor has rejected a batch, because it is called too often or too much at once.
     *
     * @param nowNanos the time
     * @param run the batch
     * @param holdNanos for how long it doesn't want to be called
     */
    default void rejected(long nowNanos, BatchRun run, long holdNanos) {
        dropped(nowNanos, run);
    }

    /** A batch gave its slot back without a call of the processor: there is nothing to learn from it. */
    default void dropped(long nowNanos, BatchRun run) {}

    /** The limits have been set or changed; -1 = no limit. */
    default void configure(int maxBatchSize, int concurrency) {}
}
