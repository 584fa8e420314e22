package io.asyncbatcher.internal.item;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.internal.call.Results;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The words with which a batcher rejects or gives up items. */
public final class Rejections {

    private Rejections() {}

    public static QueueFullException full(BatcherOptions options) {
        return new QueueFullException("The queue of batcher '" + options.name() + "' is full with "
                + options.maxQueueSize() + " items; submit less at once, raise maxQueueSize or concurrency,"
                + " or let callers wait with overflow(OverflowPolicy.BLOCK)");
    }

    public static QueueFullException stillFull(BatcherOptions options) {
        return new QueueFullException("The queue of batcher '" + options.name() + "' with " + options.maxQueueSize()
                + " items stayed full for a maxBlockTime of " + options.maxBlockTime()
                + "; submit less at once, or raise maxQueueSize, concurrency or maxBlockTime");
    }

    public static QueueFullException interrupted(BatcherOptions options) {
        return new QueueFullException(
                "The thread was interrupted while it waited for a place in the full queue of batcher" + " '"
                        + options.name() + "'");
    }

    public static BatcherStoppedException stopped(String name) {
        return new BatcherStoppedException(
                "Batcher '" + name + "' is stopped and accepts no items; start() makes it accept again", false);
    }

    public static BatcherStoppedException stoppedWhileQueued(String name, boolean mayHaveRun) {
        return new BatcherStoppedException(
                "Batcher '" + name + "' was stopped by force while the item was queued: it "
                        + (mayHaveRun ? "was to be tried again and may have run" : "has not run"),
                mayHaveRun);
    }

    public static ItemTooHeavyException tooHeavy(BatcherOptions options, long weight, boolean mayHaveRun) {
        return new ItemTooHeavyException(
                "An item of weight " + weight + " is heavier than a whole batch of batcher '" + options.name()
                        + "' may be; its maxBatchWeight is " + options.maxBatchWeight()
                        + ": split the item, or raise the limit",
                mayHaveRun);
    }

    public static BatchAbortedException timedOut(BatcherOptions options, boolean mayHaveRun) {
        return new BatchAbortedException(
                "A batch of batcher '" + options.name() + "' was given up when its batchTimeout of "
                        + options.batchTimeout() + " was over; "
                        + (mayHaveRun ? "the item may have run" : "the item has not run"),
                null,
                mayHaveRun);
    }

    public static BatchAbortedException stoppedInFlight(String name) {
        return new BatchAbortedException(
                "Batcher '" + name + "' was stopped by force while the item was in flight: it may have run",
                null,
                true);
    }

    /** What is counted of a wait for room that ended in vain; null if the item's own time was over. */
    public static @Nullable RejectionReason reason(BatcherException rejection) {
        if (rejection instanceof QueueFullException) {
            return RejectionReason.FULL;
        }
        if (rejection instanceof BatcherStoppedException) {
            return RejectionReason.STOPPED;
        }
        return rejection instanceof ItemTooHeavyException ? RejectionReason.TOO_HEAVY : null;
    }

    /**
     * What callers hear of what the processor threw or said in a batch of so many items. An exception that a caller would
     * take for one about its own item or its own cancel is the cause of another. One whose text can't be had is replaced:
     * futures ask for it when they pass a failure on, and would never end.
     */
    public static Throwable ofProcessor(String name, int items, Throwable said) {
        try {
            return withText(told(name, items, said));
        } catch (Throwable hostile) {
            return withoutText("The processor of batcher '" + name + "'", said, hostile, true);
        }
    }

    /** What the caller hears of what a function of the user threw when it was asked about an item. */
    public static Throwable ofFunction(String name, Throwable thrown) {
        try {
            return withText(thrown);
        } catch (Throwable hostile) {
            return withoutText(
                    "A function that is asked about items of batcher '" + name + "'", thrown, hostile, false);
        }
    }

    @SuppressWarnings("ReturnValueIgnored") // only whether there is one matters
    private static Throwable withText(Throwable failure) {
        failure.toString();
        return failure;
    }

    private static BatchAbortedException withoutText(
            String whose, Throwable failure, Throwable hostile, boolean mayHaveRun) {
        return new BatchAbortedException(
                whose + " failed with a " + failure.getClass().getName() + ", whose toString() throws a "
                        + hostile.getClass().getName() + "; mend that class",
                null,
                mayHaveRun);
    }

    private static Throwable told(String name, int items, Throwable said) {
        Throwable inner = Results.peel(said); // what join throws is wrapped, and futures unwrap it again
        if (inner instanceof BatchResultException breach && !(breach.getCause() instanceof BatchResultException)) {
            return new BatchResultException(name, items, breach);
        }
        if (inner instanceof BatcherException) {
            return letOut(name, items, inner);
        }
        return inner instanceof CancellationException ? cancelledProcessor(name, items, inner) : said;
    }

    private static BatchAbortedException cancelledProcessor(String name, int items, Throwable cancellation) {
        return new BatchAbortedException(
                "The processor of batcher '" + name + "' was cancelled in a batch of " + items + " items",
                cancellation,
                true);
    }

    private static BatchAbortedException letOut(String name, int items, Throwable others) {
        return new BatchAbortedException(
                "The processor of batcher '" + name + "' let out the "
                        + others.getClass().getSimpleName() + " of a batcher that it uses, in a batch of " + items
                        + " items: it may have run",
                others,
                true);
    }

    public static BatchAbortedException rejectedByExecutor(String name, Throwable rejection, boolean mayHaveRun) {
        return new BatchAbortedException(
                "The executor of batcher '" + name + "' rejected a batch: "
                        + (mayHaveRun ? "its items were to be tried again and may have run" : "its items have not run"),
                rejection,
                mayHaveRun);
    }

    static ItemExpiredException expired(String name, Duration timeout, boolean mayHaveRun) {
        return new ItemExpiredException(
                "An item of batcher '" + name + "' was given up when its timeout of " + timeout + " was over; it "
                        + (mayHaveRun ? "was in flight and may have run" : "has not run"),
                mayHaveRun);
    }

    static ItemExpiredException shed(
            String name, Duration timeout, long waitNanos, long serviceNanos, boolean mayHaveRun) {
        return new ItemExpiredException(
                "An item of batcher '" + name + "' can't be expected to be done within its timeout of " + timeout
                        + ": the expected wait is " + rounded(waitNanos) + ", and its batch takes up to "
                        + rounded(serviceNanos) + "; it "
                        + (mayHaveRun ? "was to be tried again and may have run" : "has not run")
                        + ". Submit less at once, or raise the timeout or concurrency",
                mayHaveRun);
    }

    private static Duration rounded(long nanos) {
        long unit = nanos < 1_000_000 ? 1_000 : 1_000_000;
        return Duration.ofNanos((nanos + unit / 2) / unit * unit);
    }

    public static IllegalArgumentException noWeigher(BatcherOptions options) {
        return new IllegalArgumentException("maxBatchWeight of batcher '" + options.name() + "' is "
                + options.maxBatchWeight() + ", but nothing says what an item weighs; build the batcher with"
                + " maxBatchWeight(limit, weigher), or leave the limit at -1");
    }

    public static IllegalStateException endlessWait(String name, int slots) {
        return new IllegalStateException(
                "A processor of batcher '" + name + "' would wait forever: it waits for an item"
                        + " of its own batcher, and all of its " + slots
                        + " slots are taken by processors that do so; don't wait"
                        + " in the processor (an AsyncBatchProcessor returns a stage), or raise concurrency");
    }
}
