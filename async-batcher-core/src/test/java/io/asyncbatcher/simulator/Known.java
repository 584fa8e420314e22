package io.asyncbatcher.simulator;

import java.util.List;

/**
 * Defects that are known and open: the simulator leaves out what shows them. To be emptied.
 * {@code -Dsimulator.known=DISCARDED_COMPLETIONS,WAIT_FOR_MATE} leaves out only those, {@code -Dsimulator.known=} none.
 */
enum Known {
    /** A {@code completionExecutor} that discards tasks leaves items and a forced stop pending for ever. */
    DISCARDED_COMPLETIONS,
    /** A {@code BatcherException} that the processor lets out reaches callers as if it spoke of their items. */
    BATCHER_EXCEPTION_LET_OUT,
    /** A {@code RateLimitedException} without a delay is not held to the floor of 1 ms. */
    NO_FLOOR_OF_RETRY_AFTER,
    /** A continuation that waits for another item of its batch waits for ever. */
    WAIT_FOR_MATE,
    /** A batch that begins after its batchTimeout, because its alarm rings late, fails and runs all the same. */
    LATE_BATCH_BEGINS,
    /** An item whose hashCode fails when its batch is deduplicated ends as the others of its batch, as if it had run. */
    DEDUPLICATION_FAILURE_LOST,
    /** A task of the executor that runs twice begins the next half of its batch at once, past the rate limit. */
    TASK_TWICE_WHILE_HALVING,
    /** A call with one item of a half, whose other items have ended, fails and is repeated for that item. */
    HALVING_COUNTS_ENDED_ITEMS,
    /** A half is run for an item that has expired and whose settlement waits for the completionExecutor. */
    HALF_OF_EXPIRED_ITEM;

    private final boolean leftOut;

    Known() {
        String known = System.getProperty("simulator.known");
        leftOut = known == null || List.of(known.split(",")).contains(name());
    }

    boolean leftOut() {
        return leftOut;
    }
}
