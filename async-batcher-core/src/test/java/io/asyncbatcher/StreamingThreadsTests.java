package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On which thread the continuations of reported items run, and what becomes of those that wait, on real threads. */
@Timeout(60)
@DisplayName("Promise 7: continuations of reported items never run inside the report")
class StreamingThreadsTests {

    private static final ExecutorService POOL = Executors.newCachedThreadPool();

    @AfterAll
    static void shutDown() {
        POOL.shutdown();
    }

    static List<UnaryOperator<AsyncBatcher.Builder<Integer, Integer>>> executors() {
        return List.of(
                builder -> builder,
                builder -> builder.executor(POOL),
                builder -> builder.executor(Runnable::run),
                builder -> builder.completionExecutor(POOL),
                builder -> builder.completionExecutor(Runnable::run),
                builder -> builder.executor(Runnable::run).completionExecutor(POOL));
    }

    private static List<CompletableFuture<Integer>> submit(AsyncBatcher<Integer, Integer> batcher, int count) {
        batcher.pause();
        List<CompletableFuture<Integer>> futures =
                IntStream.range(0, count).mapToObj(batcher::process).toList();
        return futures;
    }

    private static AsyncBatcher<Integer, Integer> batcher(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor,
            StreamingConsumer<Integer, Integer> consumer) {
        return executor.apply(AsyncBatcher.builder(BatchProcessor.<Integer, Integer>streaming(consumer))
                        .maxQueueTime(Duration.ZERO)
                        .maxBatchSize(100))
                .build();
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aContinuationThatBlocksHoldsUpNeitherTheProcessorNorTheOthers(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor) throws Exception {
        AtomicReference<Thread> processing = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = batcher(executor, (batch, results) -> {
            processing.set(Thread.currentThread());
            Streaming.succeed(batch, results, 0, batch.size());
            processing.set(null);
        });
        List<CompletableFuture<Integer>> futures = submit(batcher, 10);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Boolean> inProcessor = new AtomicReference<>();
        CompletableFuture<Void> blocked = futures.get(0).thenAccept(result -> {
            inProcessor.set(Thread.currentThread() == processing.get());
            ByHand.await(release);
        });
        POOL.execute(batcher::resume);

        for (int item = 1; item < 10; item++) {
            assertThat(futures.get(item).get(20, SECONDS)).isEqualTo(2 * item);
        }
        ByHand.await(() -> batcher.snapshot().activeBatches() == 0);
        ByHand.await(() -> inProcessor.get() != null);
        assertThat(blocked).isNotDone();
        assertThat(inProcessor).hasValue(false);
        release.countDown();
        blocked.get(20, SECONDS);
        batcher.stop(false).get(20, SECONDS);
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aContinuationMayWaitForAnItemOfItsBatchThatIsReportedLater(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor) throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                batcher(executor, (batch, results) -> Streaming.succeed(batch, results, 0, batch.size()));
        List<CompletableFuture<Integer>> futures = submit(batcher, 20);
        List<CompletableFuture<Integer>> waits = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            CompletableFuture<Integer> next = futures.get(i + 1);
            waits.add(futures.get(i).thenApply(result -> result + next.join()));
        }
        POOL.execute(batcher::resume);

        for (int i = 0; i < 19; i++) {
            assertThat(waits.get(i).get(20, SECONDS)).isEqualTo(4 * i + 2);
        }
        batcher.stop(false).get(20, SECONDS);
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aContinuationMayWaitForWhatTheContinuationOfALaterReportDoes(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = batcher(executor, (batch, results) -> {
            results.success(0, 0);
            ByHand.await(first); // so that the second report finds a thread that stands still
            Streaming.succeed(batch, results, 1, batch.size());
        });
        List<CompletableFuture<Integer>> futures = submit(batcher, 3);
        CountDownLatch second = new CountDownLatch(1);
        CompletableFuture<Void> waiting = futures.get(0).thenAccept(result -> {
            first.countDown();
            ByHand.await(second);
        });
        futures.get(1).thenAccept(result -> second.countDown());
        POOL.execute(batcher::resume);

        waiting.get(20, SECONDS);
        assertThat(futures.get(2).get(20, SECONDS)).isEqualTo(4);
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void aThreadThatStandsStillIsReplacedWhileTheProcessorRuns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder, (batch, results) -> {
            Streaming.succeed(batch, results, 0, batch.size());
            ByHand.await(end);
        });
        List<CompletableFuture<Integer>> futures = submit(batcher, 4);
        CountDownLatch later = new CountDownLatch(1);
        CompletableFuture<Void> waiting = futures.get(0).thenAccept(result -> ByHand.await(later));
        futures.get(3).thenAccept(result -> later.countDown());
        POOL.execute(batcher::resume);

        waiting.get(20, SECONDS);

        assertThat(batcher.snapshot().activeBatches()).isOne();
        end.countDown();
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void aListenerThatStandsStillDoesntKeepAReportedItemFromItsCaller() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = batcher(
                builder -> builder.listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        ByHand.await(release);
                    }
                }),
                (batch, results) -> {
                    results.success(0, 1);
                    ByHand.await(release);
                });
        List<CompletableFuture<Integer>> futures = submit(batcher, 1);
        POOL.execute(batcher::resume);

        assertThat(futures.get(0).get(20, SECONDS)).isOne();
        release.countDown();
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void aContinuationMaySubmitAndWaitWhileTheOnlySlotIsBusy() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                batcher(builder -> builder, (batch, results) -> Streaming.succeed(batch, results, 0, batch.size()));
        CompletableFuture<Integer> chained =
                batcher.process(1).thenApply(result -> batcher.process(result).join());

        assertThat(chained.get(20, SECONDS)).isEqualTo(4);
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void aContinuationMayCloseTheBatcher() throws Exception {
        for (boolean force : List.of(false, true)) {
            CountDownLatch reported = new CountDownLatch(1);
            AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder, (batch, results) -> {
                results.success(0, 0);
                ByHand.await(reported);
                Streaming.succeed(batch, results, 1, batch.size());
            });
            List<CompletableFuture<Integer>> futures = submit(batcher, 3);
            CompletableFuture<Void> closed = futures.get(0).thenAccept(result -> {
                if (force) {
                    batcher.stop(true).join();
                } else {
                    batcher.close(); // doesn't wait here
                }
            });
            POOL.execute(batcher::resume);

            closed.get(20, SECONDS);
            reported.countDown();
            batcher.stop(false).get(20, SECONDS);
            assertThat(futures).allMatch(CompletableFuture::isDone);
            assertThat(futures.get(2).isCompletedExceptionally()).isEqualTo(force);
        }
    }

    /** Lets others settle only when a thread waits, or has ended its wait. */
    private static TimeSource lateFor(AtomicReference<Thread> waiting, CountDownLatch waited) {
        return new ForwardingTime(TimeSource.system()) {
            @Override
            public void offload(Runnable work) {
                POOL.execute(() -> {
                    ByHand.await(() -> waited.getCount() == 0 || waiting.get().getState() == Thread.State.WAITING);
                    work.run();
                });
            }
        };
    }

    @Test
    void aProcessorMayWaitForWhatItHasReportedItself() throws Exception {
        AtomicReference<CompletableFuture<Integer>> own = new AtomicReference<>();
        AtomicReference<Thread> processing = new AtomicReference<>();
        CountDownLatch waited = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher =
                batcher(builder -> builder.time(lateFor(processing, waited)), (batch, results) -> {
                    processing.set(Thread.currentThread());
                    results.success(0, 7);
                    try {
                        results.success(1, own.get().join());
                    } finally {
                        waited.countDown();
                    }
                });
        List<CompletableFuture<Integer>> futures = submit(batcher, 2);
        own.set(futures.get(0));
        batcher.resume();

        assertThat(futures.get(1).get(20, SECONDS)).isEqualTo(7);
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void anInterruptOfTheReporterReachesNoContinuationAndStays() throws Exception {
        List<Boolean> flags = new ArrayList<>();
        AtomicReference<Boolean> after = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder, (batch, results) -> {
            Thread.currentThread().interrupt();
            results.success(0, 0);
            after.set(Thread.currentThread().isInterrupted());
        });
        List<CompletableFuture<Integer>> futures = submit(batcher, 1);
        CompletableFuture<Void> looked = futures.get(0)
                .thenAccept(result -> flags.add(Thread.currentThread().isInterrupted()));
        batcher.resume();

        looked.get(20, SECONDS);
        batcher.stop(false).get(20, SECONDS);
        assertThat(flags).containsExactly(false);
        assertThat(after).hasValue(true);
    }

    @Test
    void manyThreadsMayReportOneBatch() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder.maxBatchSize(2_000), (batch, results) -> {
            CompletableFuture<?>[] parts = IntStream.range(0, 4)
                    .mapToObj(part -> CompletableFuture.runAsync(
                            () -> {
                                for (int i = part; i < batch.size(); i += 4) {
                                    results.success(i, 2 * batch.get(i));
                                }
                            },
                            POOL))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(parts).join();
        });
        List<CompletableFuture<Integer>> futures = submit(batcher, 2_000);
        batcher.resume();

        for (int item = 0; item < 2_000; item++) {
            assertThat(futures.get(item).get(20, SECONDS)).isEqualTo(2 * item);
        }
        batcher.stop(false).get(20, SECONDS);
    }
}
