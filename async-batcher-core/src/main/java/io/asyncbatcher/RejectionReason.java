package io.asyncbatcher;

/** Why an item was not accepted. */
public enum RejectionReason {
    /** The queue was full. */
    FULL,
    /** The batcher was stopped. */
    STOPPED,
    /** The item is heavier than {@code maxBatchWeight}. */
    TOO_HEAVY,
    /** With {@code shedLoad}: the item was not expected to be done within its timeout. */
    SHED
}
