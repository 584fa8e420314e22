package io.asyncbatcher;

/** How an accepted item ended. */
public enum ItemOutcome {
    /** Its caller got a result. */
    SUCCESS,
    /** Its caller got the failure of the processor. */
    FAILURE,
    /** Its caller cancelled or completed the future. */
    CANCELLED,
    /** Its timeout expired, or {@code shedLoad} removed it from the queue. */
    EXPIRED,
    /** It was aborted by a stop or with its batch, or the executor rejected the batch. */
    ABORTED
}
