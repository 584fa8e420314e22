package io.asyncbatcher;

import java.time.Duration;

/** The words with which a batcher refuses or gives up items. */
final class Refusal {

    private Refusal() {}

    static QueueFullException full(BatcherOptions options) {
        return new QueueFullException("The queue of batcher '" + options.name() + "' is full with "
                + options.maxQueueSize() + " items; submit less at once, raise maxQueueSize or concurrency,"
                + " or let callers wait with overflow(OverflowPolicy.BLOCK)");
    }

    static QueueFullException stillFull(BatcherOptions options) {
        return new QueueFullException("The queue of batcher '" + options.name() + "' with " + options.maxQueueSize()
                + " items stayed full for a maxBlockTime of " + options.maxBlockTime()
                + "; submit less at once, or raise maxQueueSize, concurrency or maxBlockTime");
    }

    static QueueFullException interrupted(BatcherOptions options) {
        return new QueueFullException(
                "The thread was interrupted while it waited for a place in the full queue of batcher" + " '"
                        + options.name() + "'");
    }

    static BatcherStoppedException stopped(String name) {
        return new BatcherStoppedException(
                "Batcher '" + name + "' is stopped and accepts no items; start() makes it accept again");
    }

    static BatcherStoppedException stoppedWhileQueued(String name) {
        return new BatcherStoppedException(
                "Batcher '" + name + "' was stopped by force before the item was in a batch: it has not run");
    }

    static BatchAbortedException stoppedInFlight(String name) {
        return new BatchAbortedException(
                "Batcher '" + name + "' was stopped by force while the item was in flight: it may have run",
                null,
                true);
    }

    static BatchAbortedException cancelledProcessor(String name, int items, Throwable cancellation) {
        return new BatchAbortedException(
                "The processor of batcher '" + name + "' was cancelled in a batch of " + items + " items",
                cancellation,
                true);
    }

    static BatchAbortedException refusedByExecutor(String name, Throwable refusal) {
        return new BatchAbortedException(
                "The executor of batcher '" + name + "' refused a batch: its items have not run", refusal, false);
    }

    static ItemExpiredException expired(String name, Duration timeout, boolean mayHaveRun) {
        return new ItemExpiredException(
                "An item of batcher '" + name + "' was given up when its timeout of " + timeout + " was over; it "
                        + (mayHaveRun ? "was in flight and may have run" : "has not run"),
                mayHaveRun);
    }

    static IllegalStateException endlessWait(String name, int slots) {
        return new IllegalStateException(
                "A processor of batcher '" + name + "' would wait for ever: it waits for an item"
                        + " of its own batcher, and all of its " + slots
                        + " slots are taken by processors that do so; don't wait"
                        + " in the processor (an AsyncBatchProcessor returns a stage), or raise concurrency");
    }
}
