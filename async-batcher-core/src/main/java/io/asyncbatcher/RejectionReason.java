package io.asyncbatcher;

/** Why an item was not accepted. */
public enum RejectionReason {
    /** The queue was full. */
    FULL,
    /** The batcher was stopped. */
    STOPPED
}
