package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads: reports of several threads against the end of the call, cancels, timeouts and stops. */
@Timeout(600)
class StreamingRacesTests {

    private static final int ROUNDS = Integer.getInteger("races", 2_000);
    private static final int ITEMS = 24;

    private static final ExecutorService REPORTERS = Executors.newFixedThreadPool(3);
    private static final ExecutorService COMPLETIONS = Executors.newFixedThreadPool(2);

    @AfterAll
    static void endThreads() {
        REPORTERS.shutdownNow();
        COMPLETIONS.shutdownNow();
    }

    /** What happened in one round. */
    private static final class Round {

        private final Random random;
        private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
        private final AtomicInteger heard = new AtomicInteger();
        private final AtomicInteger settled = new AtomicInteger();
        private final AsyncBatcher<Integer, Integer> batcher;

        Round(long seed) {
            random = new Random(seed);
            AsyncBatcher.Builder<Integer, Integer> builder = random.nextBoolean()
                    ? AsyncBatcher.builder(BatchProcessor.<Integer, Integer>streaming(this::process))
                    : AsyncBatcher.asyncBuilder(AsyncBatchProcessor.<Integer, Integer>streaming(this::begin));
            builder.maxBatchSize(1 + random.nextInt(12))
                    .maxQueueTime(Duration.ZERO)
                    .concurrency(1 + random.nextInt(3))
                    .listener(new BatcherListener() {
                        @Override
                        public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                            heard.incrementAndGet();
                        }
                    });
            if (random.nextBoolean()) {
                builder.deduplicate();
            }
            if (random.nextBoolean()) {
                builder.isolateFailures(failure -> true);
            }
            if (random.nextInt(3) == 0) {
                builder.batchTimeout(Duration.ofNanos(100_000));
            }
            if (random.nextInt(3) == 0) {
                builder.itemTimeout(Duration.ofNanos(300_000));
            }
            if (random.nextInt(3) == 0) {
                builder.completionExecutor(COMPLETIONS);
            }
            if (random.nextInt(3) == 0) {
                builder.partitionBy(item -> item % 3);
            }
            batcher = builder.build();
        }

        private void process(List<Integer> batch, BatchResults<Integer> results) {
            List<CompletableFuture<Void>> reports = report(batch, results);
            if (ThreadLocalRandom.current().nextInt(4) > 0) { // otherwise some come too late
                CompletableFuture.allOf(reports.toArray(new CompletableFuture<?>[0]))
                        .join();
            }
            fail();
        }

        private CompletionStage<Void> begin(List<Integer> batch, BatchResults<Integer> results) {
            List<CompletableFuture<Void>> reports = report(batch, results);
            int awaited = ThreadLocalRandom.current().nextInt(4) > 0 ? reports.size() : 1;
            return CompletableFuture.allOf(reports.subList(0, awaited).toArray(new CompletableFuture<?>[0]))
                    .thenRun(Round::fail);
        }

        /** Three threads report all items but a few, some of them twice. */
        private List<CompletableFuture<Void>> report(List<Integer> batch, BatchResults<Integer> results) {
            List<CompletableFuture<Void>> reports = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                int from = part;
                reports.add(CompletableFuture.runAsync(() -> report(batch, results, from), REPORTERS));
            }
            return reports;
        }

        private void report(List<Integer> batch, BatchResults<Integer> results, int from) {
            ThreadLocalRandom dice = ThreadLocalRandom.current();
            for (int i = from; i < batch.size(); i += 2) { // so that two threads report the same item
                if (dice.nextInt(8) == 0) {
                    results.failure(i, new IllegalStateException("reported"));
                } else if (dice.nextInt(8) > 0) {
                    results.success(i, 2 * batch.get(i));
                }
            }
        }

        private static void fail() {
            switch (ThreadLocalRandom.current().nextInt(6)) {
                case 0 -> throw new IllegalStateException("thrown");
                case 1 -> throw new RateLimitedException(Duration.ofNanos(50_000));
                default -> {}
            }
        }

        void run() throws Exception {
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int item = 0; item < ITEMS; item++) {
                futures.add(submit(item % 20)); // some are equal
            }
            for (int i = random.nextInt(2_000); i > 0; i--) {
                Thread.onSpinWait();
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                futures.get(random.nextInt(ITEMS)).cancel(false);
            }
            boolean force = random.nextInt(3) == 0;
            batcher.stop(force).get(20, SECONDS);

            assertThat(futures).allMatch(CompletableFuture::isDone);
            ByHand.await(() -> heard.get() >= ITEMS && settled.get() >= ITEMS);
            assertThat(broken).isEmpty();
            assertThat(heard).hasValue(ITEMS);
            assertThat(settled).hasValue(ITEMS);
            BatcherSnapshot end = batcher.snapshot();
            assertThat(end.queued()).isZero();
            assertThat(end.inFlight()).isZero();
            ByHand.await(() -> {
                BatcherSnapshot now = batcher.snapshot();
                return now.activeBatches() + now.abandonedBatches() == 0;
            });
        }

        private CompletableFuture<Integer> submit(int item) {
            CompletableFuture<Integer> future = batcher.process(item);
            future.whenComplete((result, failure) -> {
                settled.incrementAndGet();
                if (failure == null && result != 2 * item) {
                    broken.add(item + " got " + result);
                }
                if (failure != null && !isExpected(failure)) {
                    broken.add(item + " failed with " + failure);
                }
            });
            return future;
        }

        private static boolean isExpected(Throwable failure) {
            return failure instanceof BatcherException
                    || failure instanceof java.util.concurrent.CancellationException
                    || (failure instanceof IllegalStateException
                            && List.of("thrown", "reported").contains(failure.getMessage()));
        }
    }

    @Test
    void everyItemIsSettledExactlyOnceAndWithItsOwnResult() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Round current = new Round(round);
            try {
                current.run();
            } catch (Throwable failure) {
                throw new AssertionError("round " + round + ": " + current.batcher.options(), failure);
            }
        }
    }
}
