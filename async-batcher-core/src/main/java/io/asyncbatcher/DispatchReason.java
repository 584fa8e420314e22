package io.asyncbatcher;

/** Why a batch left the queue when it did. */
public enum DispatchReason {
    /** It had {@code maxBatchSize} items, or the queue was full. */
    FULL,
    /** Its weight was {@code maxBatchWeight}, or would have exceeded it with the next item. */
    WEIGHT,
    /** Its oldest item had lingered for the longest time, possibly while every slot was busy. */
    LINGER,
    /** A slot was free and the batch did not wait: natural or adaptive dispatch, or a {@code maxQueueTime} of zero. */
    IDLE,
    /** {@link AsyncBatcher#flush} was called. */
    FLUSH,
    /** The batcher was being stopped. */
    STOP
}
