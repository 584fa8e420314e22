package io.asyncbatcher.internal.policy;

import io.asyncbatcher.internal.batch.BatchRun;
import java.util.function.DoubleUnaryOperator;

/** How many batches may run at once, of those that the option {@code concurrency} allows. */
public interface SlotRule {

    /** The limits have been set or changed; -1 = no limit. */
    void configure(int maxBatchSize, int limit);

    /** The present number, at least 1 and at most the limit. */
    int slots();

    /** A batch has been handed over; so many items are queued or run, with those in it. */
    default void began(BatchRun run, int itemsInside) {}

    /**
     * A batch has ended.
     *
     * @param nowNanos the time
     * @param run the batch
     * @param running how many batches ran beside it and with it, on the mean over its time
     * @param queued how many items are queued now
     * @param expected how long a batch of a size is expected to take, in nanoseconds
     */
    void ended(long nowNanos, BatchRun run, double running, int queued, DoubleUnaryOperator expected);

    /** The processor has rejected a batch, and doesn't want to be called for so long. */
    void rejected(long nowNanos, BatchRun run, long holdNanos);
}
