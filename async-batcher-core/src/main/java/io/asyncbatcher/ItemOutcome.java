package io.asyncbatcher;

/** How an accepted item ended. */
public enum ItemOutcome {
    /** Its caller got a result. */
    SUCCESS,
    /** Its caller got the failure that the processor gave. */
    FAILURE,
    /** Its caller cancelled or completed the future. */
    CANCELLED,
    /** Its own timeout passed. */
    EXPIRED,
    /** It was cut off by a stop, or with its batch, or the executor rejected the batch. */
    ABORTED
}
