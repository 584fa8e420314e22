package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.QueueFullException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Submits items, so many open at once, and checks in their order how each has ended. One in a hundred is cancelled, at once
 * or later, and one in a hundred has a timeout, which may be too short.
 */
final class Producer {

    private static final int WINDOW = 512;
    private static final List<Duration> TIMEOUTS =
            List.of(Duration.ofNanos(20_000), Duration.ofNanos(200_000), Duration.ofMillis(2), Duration.ofHours(1));

    private enum Fate {
        CANCELLED_AT_ONCE,
        CANCELLED_LATER,
        TIMED,
        LEFT_ALONE
    }

    private final AsyncBatcher<Long, Long> batcher;
    private final Parcels parcels;
    private final long items;
    private final CompletableFuture<?>[] open = new CompletableFuture<?>[WINDOW];

    long succeeded;
    long cancelled;
    long expired;
    long rejected;
    /** Of those, the items that have not run. */
    long neverRun;

    Producer(AsyncBatcher<Long, Long> batcher, Parcels parcels, long items) {
        this.batcher = batcher;
        this.parcels = parcels;
        this.items = items;
    }

    void produce() throws Exception {
        for (long number = 0; number < items + WINDOW; number++) {
            if (number >= WINDOW) {
                check(parcels.item(number - WINDOW), open(number));
            }
            if (number < items) {
                open[index(number)] = submit(parcels.item(number));
            }
            long older = number - WINDOW / 8;
            if (older >= 0 && older < items && fate(parcels.item(older)) == Fate.CANCELLED_LATER) {
                open(older).cancel(false);
            }
        }
    }

    private CompletableFuture<?> open(long number) {
        return open[index(number)];
    }

    private static int index(long number) {
        return (int) number & (WINDOW - 1);
    }

    private static Fate fate(long item) {
        int dice = (int) ((Parcels.checksum(item) >>> 40) % 200);
        return switch (dice) {
            case 0 -> Fate.CANCELLED_AT_ONCE;
            case 1 -> Fate.CANCELLED_LATER;
            case 2, 3 -> Fate.TIMED;
            default -> Fate.LEFT_ALONE;
        };
    }

    private CompletableFuture<Long> submit(long item) {
        return switch (fate(item)) {
            case TIMED -> batcher.process(item, TIMEOUTS.get((int) (Parcels.checksum(item) & 3)));
            case CANCELLED_AT_ONCE -> {
                CompletableFuture<Long> future = batcher.process(item);
                future.cancel(false);
                yield future;
            }
            case CANCELLED_LATER, LEFT_ALONE -> batcher.process(item);
        };
    }

    private void check(long item, CompletableFuture<?> future) throws Exception {
        if (!future.isDone()) {
            await(future);
        }
        if (!future.isCompletedExceptionally()) {
            succeeded++;
            expect((Long) future.join() == Parcels.checksum(item), item, "got another's result");
            expect(parcels.isNoted(item), item, "has a result and never ran");
        } else if (future.isCancelled()) {
            cancelled++;
            Fate fate = fate(item);
            expect(fate == Fate.CANCELLED_AT_ONCE || fate == Fate.CANCELLED_LATER, item, "was cancelled by another");
        } else {
            checkFailure(item, future.handle((result, failure) -> failure).join());
        }
    }

    private static void await(CompletableFuture<?> future) throws Exception {
        try {
            future.get(60, SECONDS);
        } catch (ExecutionException failure) {
            // is looked at later
        }
    }

    private void checkFailure(long item, Throwable failure) {
        if (failure instanceof ItemExpiredException expiry) {
            expired++;
            expect(fate(item) == Fate.TIMED, item, "expired without a timeout");
            if (!expiry.mayHaveRun()) {
                neverRun++;
                expect(parcels.note(item), item, "ran, though mayHaveRun is false");
            }
        } else if (failure instanceof QueueFullException) {
            rejected++;
            neverRun++;
            expect(parcels.note(item), item, "ran, though it was rejected");
        } else {
            throw new AssertionError("Item " + item + " failed", failure);
        }
    }

    private static void expect(boolean condition, long item, String otherwise) {
        if (!condition) {
            throw new AssertionError("Item " + item + " " + otherwise);
        }
    }
}
