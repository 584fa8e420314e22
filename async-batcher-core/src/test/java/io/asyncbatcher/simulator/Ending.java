package io.asyncbatcher.simulator;

/**
 * How an item may end after a call of the processor.
 *
 * @param kind in which way
 * @param what the answer or the failure it ends with, or that the failure has as its cause
 */
record Ending(Kind kind, Object what) {

    enum Kind {
        /** With this answer. */
        ANSWER,
        /** With this failure, as it was thrown. */
        FAILURE,
        /** With a {@code BatchResultException}. */
        CONTRACT,
        /** With a {@code BatchAbortedException} that has this cause. */
        ABORTED
    }
}
