package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** What a test needs to move a batcher by hand: a clock, an executor, and a processor that keeps what it was given. */
final class ByHand {

    static final Duration LINGER = Duration.ofMillis(10);

    final VirtualTime time = new VirtualTime();
    final HandRunExecutor executor = new HandRunExecutor();
    /** The batches that reached the processor. */
    final List<List<Integer>> batches = new ArrayList<>();
    /** How often items were tried where they are {@link #retrying}. */
    final Map<Integer, Integer> tries = new HashMap<>();
    /** Why they are tried again. One for all: to make many takes longer than what is tested. */
    final IOException busy = new IOException("thrown by a test");

    /** Batches of five, lingering ten milliseconds; every result is twice its item. */
    AsyncBatcher.Builder<Integer, Integer> builder() {
        return builder(ByHand::doubled);
    }

    /** The same with another processor. */
    <R> AsyncBatcher.Builder<Integer, R> builder(BatchProcessor<Integer, R> processor) {
        return settings(AsyncBatcher.builder(batch -> {
            batches.add(List.copyOf(batch));
            return processor.processBatch(batch);
        }));
    }

    /** The same with a processor that says of each item how it ended. */
    AsyncBatcher.Builder<Integer, Integer> outcomes(Function<Integer, Outcome<Integer>> outcome) {
        return settings(AsyncBatcher.builder(BatchProcessor.withOutcomes(batch -> {
            batches.add(List.copyOf(batch));
            return batch.stream().map(outcome).toList();
        })));
    }

    /** The same with a processor that wants negative items again, as often as their number says; others succeed. */
    AsyncBatcher.Builder<Integer, Integer> retrying(Duration delay) {
        return outcomes(item -> outcome(item, delay));
    }

    Outcome<Integer> outcome(int item, Duration delay) {
        int tried = tries.merge(item, 1, Integer::sum);
        return tried <= -item ? Outcome.retry(busy, delay) : Outcome.success(2 * item);
    }

    private <R> AsyncBatcher.Builder<Integer, R> settings(AsyncBatcher.Builder<Integer, R> builder) {
        return builder.maxBatchSize(5).maxQueueTime(LINGER).time(time).executor(executor);
    }

    /** Moves the clock to an hour before its zero, where it may be in a JVM. */
    void skipToBeforeZero() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2); // at once
        time.skip(longest);
        time.skip(longest.minusHours(1));
        assertThat(Duration.ofNanos(time.nanoTime())).isBetween(Duration.ofHours(-2), Duration.ZERO);
    }

    /** Lets time pass, running every task at once. */
    void pass(Duration span) {
        executor.runAll();
        for (long millis = span.toMillis(); millis > 0; millis--) {
            time.advanceMillis(1);
            executor.runAll();
        }
    }

    /** The same time, but what is for other threads is put into a list. */
    TimeSource offloadingTo(List<Runnable> offloaded) {
        return new ForwardingTime(time) {
            @Override
            public void offload(Runnable work) {
                offloaded.add(work);
            }
        };
    }

    static List<Integer> doubled(List<Integer> batch) {
        return batch.stream().map(item -> 2 * item).toList();
    }

    /** Submits the items from a first to a last one. */
    static List<CompletableFuture<Integer>> submit(BatcherClient<Integer, Integer> batcher, int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(batcher::process).toList();
    }

    /** What a future failed with, or null. */
    static Throwable failure(CompletableFuture<?> future) {
        return future.handle((result, failure) -> failure).getNow(null);
    }

    /** Runs something on a thread of its own, which may block: the common pool may have only one. */
    static <V> CompletableFuture<V> elsewhere(Supplier<V> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task, "elsewhere");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Waits for what another thread does. */
    static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }

    /** Waits for a latch where nothing may be thrown. */
    static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
