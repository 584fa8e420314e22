package io.asyncbatcher;

/** Why a batch left the queue when it did. */
public enum DispatchReason {
    /** It had {@code maxBatchSize} items, or the queue was full. */
    FULL,
    /** Its oldest item had lingered {@code maxQueueTime}, also where it did so while every slot was busy. */
    LINGER,
    /** A slot was free and nothing is waited for: {@code maxQueueTime} is zero. */
    IDLE,
    /** Somebody called {@link AsyncBatcher#flush}. */
    FLUSH,
    /** The batcher was being stopped. */
    STOP
}
