package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Executors that reject, drop, fail or repeat. */
class ExecutorTests {

    private final ByHand hand = new ByHand();

    private static void assertRejected(CompletableFuture<Integer> future) {
        assertThat(ByHand.failure(future))
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        aborted -> assertThat(aborted.mayHaveRun()).isFalse());
    }

    @Test
    @DisplayName("Promise 1: what the executor refuses is settled, and the slot is free again")
    void aBatchThatTheExecutorRejectsFails() {
        AtomicInteger calls = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .executor(task -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new RejectedExecutionException();
                    }
                    hand.executor.execute(task);
                })
                .build();

        List<CompletableFuture<Integer>> rejected = ByHand.submit(batcher, 1, 5);
        List<CompletableFuture<Integer>> next = ByHand.submit(batcher, 6, 10);
        hand.executor.runAll();

        assertThat(rejected).allSatisfy(ExecutorTests::assertRejected);
        assertThat(next).extracting(CompletableFuture::join).containsExactly(12, 14, 16, 18, 20);
        assertThat(batcher.snapshot().activeBatches()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void anExecutorThatIsShutDownFailsEveryItemAlsoThoseBehindBusySlots() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    gate.join();
                    return batch;
                })
                .maxBatchSize(1)
                .executor(executor)
                .build();
        CompletableFuture<Integer> first = batcher.process(1);
        List<CompletableFuture<Integer>> behind = ByHand.submit(batcher, 2, 1_000);
        executor.shutdown();

        gate.complete(null);

        assertThat(first.get(10, SECONDS)).isEqualTo(1);
        ByHand.await(() -> behind.stream().allMatch(CompletableFuture::isDone));
        assertThat(behind).allSatisfy(ExecutorTests::assertRejected);
        batcher.stop(false).get(10, SECONDS);
    }

    @Test
    void anExecutorThatThrowsAnythingElseCountsAsRejecting() {
        for (Throwable thrown : List.of(new IllegalStateException(), new OutOfMemoryError("no more threads"))) {
            AsyncBatcher<Integer, Integer> batcher = hand.builder()
                    .executor(task -> ProcessorContractTests.sneakyThrow(thrown))
                    .build();

            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

            assertThat(futures).allSatisfy(future -> {
                assertRejected(future);
                assertThat(ByHand.failure(future)).hasRootCause(thrown);
            });
            assertThat(batcher.stop(false)).isCompleted();
        }
    }

    @Test
    void aRejectionWhileTheLingerEndsIsHandledToo() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .executor(task -> {
                    throw new RejectedExecutionException();
                })
                .build();

        CompletableFuture<Integer> future = batcher.process(1);
        hand.time.advance(ByHand.LINGER);

        assertRejected(future);
    }

    @Tag("volume")
    @Test
    void manyRejectionsInARowNeedNoDeepStack() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(1)
                .maxQueueSize(-1)
                .executor(task -> {
                    throw new RejectedExecutionException();
                })
                .build();
        batcher.pause();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 100_000);

        batcher.resume();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    @DisplayName("Promise 1: a forced stop settles what the executor dropped silently")
    void whatTheExecutorDroppedEndsWithAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().executor(task -> {}).build();
        List<CompletableFuture<Integer>> dropped = ByHand.submit(batcher, 1, 5);

        assertThat(batcher.stop(Duration.ofSeconds(1))).isNotDone();
        hand.time.advance(Duration.ofSeconds(1));

        assertThat(dropped)
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                BatcherStoppedException.class,
                                stopped -> assertThat(stopped.mayHaveRun()).isFalse()));
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void anExecutorThatRunsATaskTwiceOrRunsItAndThenRejectsProcessesItOnce() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .executor(task -> {
                    task.run();
                    task.run();
                    throw new RejectedExecutionException();
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
        assertThat(hand.batches).hasSize(1);
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void anExecutorThatQueuesATaskAndRejectsItNeverRunsIt() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .executor(task -> {
                    hand.executor.execute(task);
                    throw new RejectedExecutionException();
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures).allSatisfy(ExecutorTests::assertRejected);
        assertThat(hand.batches).isEmpty();
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aSlotIsFreeBeforeContinuationsRun() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        AtomicInteger active = new AtomicInteger(-1);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        futures.get(0).thenRun(() -> active.set(batcher.snapshot().activeBatches()));

        hand.executor.runAll();

        assertThat(active).hasValue(0);
    }
}
