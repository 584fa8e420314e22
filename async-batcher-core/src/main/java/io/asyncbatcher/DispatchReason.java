package io.asyncbatcher;

/** Why a batch left the queue when it did. */
public enum DispatchReason {
    /** It had {@code maxBatchSize} items, or the queue was full. */
    FULL,
    /** It weighed {@code maxBatchWeight}, or the next item would have made it heavier. */
    WEIGHT,
    /** Its oldest item had lingered for as long as it may, also where it did so while every slot was busy. */
    LINGER,
    /** A slot was free and nothing was waited for: natural or adaptive dispatch, or a {@code maxQueueTime} of zero. */
    IDLE,
    /** Somebody called {@link AsyncBatcher#flush}. */
    FLUSH,
    /** The batcher was being stopped. */
    STOP
}
