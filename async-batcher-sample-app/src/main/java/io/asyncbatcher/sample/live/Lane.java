package io.asyncbatcher.sample.live;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Makes the calls of one lane. Everything that begins a call runs on one thread of the lane's own: so the load takes no
 * more than one processor a lane, a call that is already over when it returns leads into no recursion, and the threads of
 * batches are not kept from their work.
 */
@SuppressWarnings("FutureReturnValueIgnored") // how calls end is in the statistics
final class Lane {

    /** A caller that got a failure, perhaps at once, comes again after a while: else it would keep a processor busy. */
    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A closed loop on a system that answers in no time has this limit too. */
    private static final long LEAST_GAP_NANOS = TimeUnit.SECONDS.toNanos(1) / 50_000;

    private final LongFunction<CompletableFuture<?>> call;
    private final LaneStatistics statistics;
    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean over;

    // Only the lane's thread knows these.
    private long number;
    private long nextNanos;

    Lane(NewRun.LaneName name, LongFunction<CompletableFuture<?>> call, LaneStatistics statistics) {
        this.call = call;
        this.statistics = statistics;
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                new CustomizableThreadFactory("live-" + name + "-"),
                // Calls that end after the run.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    void start(NewRun run) {
        thread.execute(() -> nextNanos = System.nanoTime());
        if (run.arrivals() == Arrivals.CALLERS) {
            for (int caller = 0; caller < run.callers(); caller++) {
                thread.execute(this::callInTurn);
            }
        } else {
            LongSupplier gaps = run.arrivals().gaps(run.rate());
            thread.execute(() -> callWhatIsDue(gaps));
        }
    }

    /** No call is begun any more; those that were take their way. */
    void stop() {
        over = true;
        thread.shutdownNow();
    }

    LaneStatistics statistics() {
        return statistics;
    }

    /** One caller of a closed loop takes the next place that the limit of all has, and makes its next call then. */
    private void callInTurn() {
        long nowNanos = System.nanoTime();
        long placeNanos = Math.max(nextNanos, nowNanos - AFTER_FAILURE_NANOS);
        nextNanos = placeNanos + LEAST_GAP_NANOS;
        if (placeNanos - nowNanos > 0) {
            schedule(this::callAgainAndAgain, placeNanos - nowNanos);
        } else {
            callAgainAndAgain();
        }
    }

    private void callAgainAndAgain() {
        call(System.nanoTime())
                .whenCompleteAsync(
                        (result, failure) -> {
                            if (failure == null) {
                                callInTurn();
                            } else {
                                schedule(this::callInTurn, AFTER_FAILURE_NANOS);
                            }
                        },
                        thread);
    }

    /** Makes every call of an open loop whose time has come; their latency counts from that time, not from now. */
    private void callWhatIsDue(LongSupplier gaps) {
        long nowNanos = System.nanoTime();
        while (nextNanos - nowNanos <= 0 && !over) {
            call(nextNanos);
            nextNanos += gaps.getAsLong();
        }
        schedule(() -> callWhatIsDue(gaps), nextNanos - System.nanoTime());
    }

    private void schedule(Runnable task, long delayNanos) {
        thread.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    private CompletableFuture<?> call(long intendedNanos) {
        statistics.began();
        CompletableFuture<?> result;
        try {
            result = call.apply(number++);
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((value, failure) -> {
            // What the end of the run cuts off is no failure.
            if (!over) {
                statistics.ended(System.nanoTime() - intendedNanos, failure);
            }
        });
    }
}
