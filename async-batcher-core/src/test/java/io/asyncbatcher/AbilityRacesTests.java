package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Real threads: partitions, retries, timeouts and cancels against a stop. Each wait of a round has a bound of its own. */
class AbilityRacesTests {

    private static final int ROUNDS = Integer.getInteger("races", 2_000);
    private static final List<DispatchMode> MODES = List.of(DispatchMode.values());
    private static final int THREADS = 4;
    private static final int ITEMS = 12;

    private static final ExecutorService CALLERS = Executors.newFixedThreadPool(THREADS + 1);

    @AfterAll
    static void endCallers() {
        CALLERS.shutdownNow();
    }

    /** What happened in one round. */
    private static final class Round {

        private final Random random;
        private final Queue<CompletableFuture<Integer>> futures = new ConcurrentLinkedQueue<>();
        private final Queue<String> broken = new ConcurrentLinkedQueue<>();
        private final AtomicInteger settled = new AtomicInteger();
        private final AtomicInteger rejected = new AtomicInteger();
        /** May have been given up before they were accepted, of which no listener is told. */
        private final AtomicInteger expiredBlocked = new AtomicInteger();

        private final AtomicInteger running = new AtomicInteger();
        private final ConcurrentHashMap<Integer, Boolean> succeeded = new ConcurrentHashMap<>();
        private final int concurrency;
        private final boolean force;
        private final AsyncBatcher<Integer, Integer> batcher;

        Round(long seed) {
            random = new Random(seed);
            concurrency = 1 + random.nextInt(3);
            AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.builder(
                            BatchProcessor.<Integer, Integer>withOutcomes(this::process))
                    .maxBatchSize(1 + random.nextInt(5))
                    .maxQueueTime(Duration.ofNanos(random.nextInt(3) * 50_000L))
                    .concurrency(concurrency)
                    .maxQueueSize(random.nextBoolean() ? 8 : -1)
                    .dispatch(MODES.get(random.nextInt(3)))
                    .partitionBy(item -> item % 7)
                    .listener(new BatcherListener() {
                        @Override
                        public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                            settled.incrementAndGet();
                        }

                        @Override
                        public void onRejected(String name, RejectionReason reason) {
                            rejected.incrementAndGet();
                        }
                    });
            if (random.nextBoolean()) {
                builder.maxBatchWeight(10, item -> 1 + item % 6);
            }
            if (random.nextBoolean()) {
                builder.deduplicate();
            }
            if (random.nextBoolean()) {
                builder.isolateFailures(failure -> true);
            }
            if (random.nextInt(3) == 0) {
                builder.rateLimit(20, Duration.ofNanos(200_000));
            }
            if (random.nextInt(3) == 0) {
                builder.batchTimeout(Duration.ofNanos(50_000));
            }
            if (random.nextInt(3) == 0) {
                builder.overflow(OverflowPolicy.BLOCK);
            }
            batcher = builder.build();
            force = random.nextInt(4) == 0;
        }

        private List<Outcome<Integer>> process(List<Integer> batch) {
            if (running.incrementAndGet() > concurrency) {
                broken.add("too many at once");
            }
            try {
                if (batch.stream().map(item -> item % 7).distinct().count() != 1) {
                    broken.add("partitions mixed: " + batch);
                }
                ThreadLocalRandom dice = ThreadLocalRandom.current();
                switch (dice.nextInt(12)) {
                    case 0 -> throw new IllegalStateException();
                    case 1 -> throw new RateLimitedException(Duration.ofNanos(dice.nextInt(30_000)));
                    case 2 -> throw new AssertionError("thrown by a test");
                    default -> {}
                }
                List<Outcome<Integer>> outcomes = new ArrayList<>();
                for (int item : batch) {
                    switch (dice.nextInt(8)) {
                        case 0 ->
                            outcomes.add(Outcome.retry(new IOException(), Duration.ofNanos(dice.nextInt(40_000))));
                        case 1 -> outcomes.add(Outcome.failure(new IllegalStateException()));
                        default -> outcomes.add(Outcome.success(2 * item));
                    }
                }
                return outcomes;
            } finally {
                running.decrementAndGet();
            }
        }

        private void submit(int thread) {
            ThreadLocalRandom dice = ThreadLocalRandom.current();
            for (int i = 0; i < ITEMS; i++) {
                int item = thread * ITEMS + i;
                CompletableFuture<Integer> future = dice.nextInt(4) == 0
                        ? batcher.process(item, Duration.ofNanos(1 + dice.nextInt(100_000)))
                        : batcher.process(item);
                futures.add(future);
                future.whenComplete((result, failure) -> {
                    if (failure instanceof ItemExpiredException
                            && batcher.options().overflow() == OverflowPolicy.BLOCK) {
                        expiredBlocked.incrementAndGet();
                    }
                    if (failure == null && (result != 2 * item || succeeded.put(item, true) != null)) {
                        broken.add(item + " got " + result);
                    }
                });
                if (dice.nextInt(5) == 0) {
                    future.cancel(false);
                }
                if (dice.nextInt(10) == 0) {
                    batcher.flush();
                }
            }
        }

        void run() throws Exception {
            CyclicBarrier begin = new CyclicBarrier(THREADS + 1);
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            await(begin);
                            submit(number);
                        },
                        CALLERS));
            }
            int delay = random.nextInt(3_000);
            await(begin);
            for (int i = 0; i < delay; i++) {
                Thread.onSpinWait();
            }
            CompletableFuture<Void> stopped = batcher.stop(force);
            for (CompletableFuture<Void> caller : callers) {
                caller.get(20, SECONDS);
            }
            stopped.get(20, SECONDS);

            List<CompletableFuture<Integer>> late =
                    futures.stream().filter(future -> !future.isDone()).toList();
            for (CompletableFuture<Integer> future : late) {
                String how;
                try {
                    how = String.valueOf(
                            future.handle((result, failure) -> failure).get(2, SECONDS));
                } catch (TimeoutException e) {
                    how = "never";
                }
                broken.add("settled after the end of the stop: " + how);
            }
            assertThat(futures).hasSize(THREADS * ITEMS);
            assertThat(broken).isEmpty();
            BatcherSnapshot end = batcher.snapshot();
            assertThat(end.queued()).isZero();
            assertThat(end.inFlight()).isZero();
            ByHand.await(() -> settled.get() + rejected.get() >= THREADS * ITEMS - expiredBlocked.get());
            assertThat(settled.get() + rejected.get()).isLessThanOrEqualTo(THREADS * ITEMS);
            ByHand.await(() -> {
                BatcherSnapshot now = batcher.snapshot();
                return now.activeBatches() + now.abandonedBatches() == 0;
            });
        }

        @Override
        public String toString() {
            return settled + " settled, " + rejected + " rejected, force " + force + ", " + batcher.options() + ", "
                    + batcher.snapshot();
        }

        private static void await(CyclicBarrier barrier) {
            try {
                barrier.await(20, SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void everyItemIsSettledExactlyOnceWhateverItsBatcherCanDo() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Round current = new Round(round);
            try {
                current.run();
            } catch (Throwable failure) {
                throw new AssertionError("round " + round + ": " + current, failure);
            }
        }
    }
}
