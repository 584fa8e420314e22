package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Continuations that wait for what the thread that runs them would do next, on real threads. */
@Timeout(60)
@DisplayName("Promise 1: a thread that settles and doesn't come back hands the rest of its batch to another")
class WaitingContinuationTests {

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
                builder -> builder.executor(Runnable::run).completionExecutor(POOL));
    }

    private static AsyncBatcher<Integer, Integer> batcher(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor) {
        AsyncBatcher<Integer, Integer> batcher = executor.apply(AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                        .maxQueueTime(Duration.ZERO)
                        .maxBatchSize(100))
                .build();
        batcher.pause();
        return batcher;
    }

    private static void resume(AsyncBatcher<Integer, Integer> batcher) {
        POOL.execute(batcher::resume); // which may run the batch there
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aContinuationMayWaitForWhatAMatesContinuationGives(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor) throws Exception {
        List<Function<CompletableFuture<Integer>, CompletableFuture<?>>> dependents = List.of(
                mate -> mate.thenApply(result -> result + 1),
                mate -> mate.whenComplete((result, failure) -> {}),
                mate -> mate.minimalCompletionStage().toCompletableFuture(),
                mate -> CompletableFuture.allOf(mate),
                mate -> mate.copy().thenApplyAsync(result -> result, POOL));
        for (Function<CompletableFuture<Integer>, CompletableFuture<?>> dependent : dependents) {
            for (boolean mateFirst : List.of(true, false)) {
                AsyncBatcher<Integer, Integer> batcher = batcher(executor);
                AtomicReference<CompletableFuture<?>> mates = new AtomicReference<>();
                if (mateFirst) {
                    mates.set(dependent.apply(batcher.process(2)));
                }
                CompletableFuture<Integer> waiting = batcher.process(1).thenApply(result -> {
                    mates.get().join();
                    return result;
                });
                if (!mateFirst) {
                    mates.set(dependent.apply(batcher.process(2)));
                }
                resume(batcher);

                assertThat(waiting.get(20, SECONDS)).isEqualTo(2);
                batcher.stop(false).get(20, SECONDS);
            }
        }
    }

    @Tag("volume")
    @ParameterizedTest
    @MethodSource("executors")
    void aChainOfWaitsThroughAWholeBatchComesToItsEnd(UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor)
            throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(executor);
        CompletableFuture<?>[] waits = new CompletableFuture<?>[20];
        for (int i = 0; i < waits.length; i++) {
            int next = i + 1;
            waits[i] = batcher.process(i).thenAccept(result -> {
                if (next < waits.length) {
                    waits[next].join();
                }
            });
        }
        resume(batcher);

        waits[0].get(20, SECONDS);
        batcher.stop(false).get(20, SECONDS);
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aForcedStopEndsThoughAContinuationWaitsForAMates(
            UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor) throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(executor);
        CompletableFuture<Integer> mates = batcher.process(2).handle((result, failure) -> 5);
        CompletableFuture<Integer> waiting = batcher.process(1).handle((result, failure) -> mates.join());

        batcher.stop(true).get(20, SECONDS);

        assertThat(waiting.get(20, SECONDS)).isEqualTo(5);
    }

    @Tag("volume")
    @ParameterizedTest
    @MethodSource("executors")
    void aContinuationMayWaitForTheEndOfAStop(UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> executor)
            throws Exception {
        for (boolean force : List.of(true, false)) {
            AsyncBatcher<Integer, Integer> batcher = batcher(executor);
            List<CompletableFuture<Void>> stopping = IntStream.range(0, 3)
                    .mapToObj(item -> batcher.process(item)
                            .handle((result, failure) -> batcher.stop(force).join()))
                    .toList();
            resume(batcher);

            for (CompletableFuture<Void> each : stopping) {
                each.get(20, SECONDS);
            }
        }
    }

    @Test
    void aContinuationOfACancelledItemMayWaitForTheEndOfAStop() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder);
        CompletableFuture<Integer> item = batcher.process(1);
        CompletableFuture<Void> stopped = item.handle((result, failure) -> {
            batcher.stop(false).join();
            return null;
        });

        POOL.execute(() -> item.cancel(false));

        stopped.get(20, SECONDS);
    }

    @Test
    void aListenerThatWaitsForAMatesContinuationGetsOn() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder);
        AtomicReference<CompletableFuture<Integer>> mates = new AtomicReference<>();
        CountDownLatch told = new CountDownLatch(1);
        batcher.addListener(new BatcherListener() {
            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                mates.get().join();
                told.countDown();
            }
        });
        var unused = batcher.process(1);
        mates.set(batcher.process(2).thenApply(result -> result));
        resume(batcher);

        assertThat(told.await(20, SECONDS)).isTrue();
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void slowContinuationsHoldUpNoneOfTheirBatch() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = batcher(builder -> builder);
        List<CompletableFuture<Void>> blocked = IntStream.range(0, 10)
                .mapToObj(item -> batcher.process(item).thenRun(() -> ByHand.await(release)))
                .toList();
        List<CompletableFuture<Integer>> quick = IntStream.range(10, 20)
                .mapToObj(item -> batcher.process(item).thenApply(result -> result))
                .toList();
        resume(batcher);

        for (CompletableFuture<Integer> each : quick) {
            each.get(20, SECONDS);
        }
        assertThat(blocked).noneMatch(CompletableFuture::isDone);
        release.countDown();
        for (CompletableFuture<Void> each : blocked) {
            each.get(20, SECONDS);
        }
        batcher.stop(false).get(20, SECONDS);
    }

    @Test
    void whatAnotherThreadHasTakenOverIsNotMixedWithTheNextBatches() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(4)
                .maxQueueTime(Duration.ZERO)
                .build();
        for (int round = 0; round < 30; round++) {
            int first = 10 * round;
            batcher.pause();
            List<CompletableFuture<Integer>> futures = IntStream.range(first, first + 40)
                    .mapToObj(batcher::process)
                    .toList();
            CountDownLatch last = new CountDownLatch(1);
            CompletableFuture<Void> told = futures.get(39).thenRun(last::countDown);
            Stream<CompletableFuture<Integer>> waits = futures.stream()
                    .limit(8)
                    .map(future -> future.thenApply(r -> {
                        ByHand.await(last);
                        return r;
                    }));
            List<CompletableFuture<Integer>> waiting = waits.toList();
            batcher.resume();

            for (int i = 0; i < 40; i++) {
                assertThat(futures.get(i).get(20, SECONDS)).isEqualTo(2 * (first + i));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(waiting.get(i).get(20, SECONDS)).isEqualTo(2 * (first + i));
            }
            told.get(20, SECONDS);
        }
        batcher.close();
    }
}
