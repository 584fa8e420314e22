package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.BatchLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches that take too long. */
@Timeout(30)
class BatchTimeoutTests {

    private static final Duration TIMEOUT = Duration.ofMillis(50);

    private final ByHand hand = new ByHand();
    private final BatchLog log = new BatchLog();
    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void endThread() {
        released.countDown();
        oneThread.shutdownNow();
    }

    private static void assertAborted(CompletableFuture<?> future, boolean mayHaveRun) {
        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        failure -> assertThat(failure.mayHaveRun()).isEqualTo(mayHaveRun))
                .hasMessageEndingWith(mayHaveRun ? "the item may have run" : "the item has not run");
    }

    @Test
    void aBatchThatTheExecutorRejectsHasNoTimeoutAnyMore() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .batchTimeout(Duration.ofMinutes(1))
                .executor(batch -> {
                    throw new RejectedExecutionException("thrown by a test");
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.time.advance(ByHand.LINGER);

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aBatchThatNeverBeganGivesItsSlotBack() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().batchTimeout(TIMEOUT).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 10);

        hand.time.advance(TIMEOUT.minusNanos(1));
        assertThat(futures).noneMatch(CompletableFuture::isDone);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.time.advance(Duration.ofNanos(1));

        futures.subList(0, 5).forEach(future -> assertAborted(future, false));
        assertThat(batcher.snapshot().activeBatches()).isEqualTo(1);
        assertThat(batcher.snapshot().abandonedBatches()).isZero();
        assertThat(hand.executor.waiting()).isEqualTo(2);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(6, 7, 8, 9, 10));
        assertThat(futures.subList(5, 10)).allMatch(future -> !future.isCompletedExceptionally());
    }

    @Test
    void itCountsFromTheHandOverAndNotFromTheSubmission() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().batchTimeout(TIMEOUT).build();
        CompletableFuture<Integer> future = batcher.process(1);

        hand.time.advance(ByHand.LINGER.plus(TIMEOUT).minusNanos(1));
        assertThat(future).isNotDone();
        hand.time.advance(Duration.ofNanos(1));

        assertAborted(future, false);
    }

    @Test
    void oneThatWasInTimeLeavesNoAlarm() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().batchTimeout(TIMEOUT).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        hand.executor.runAll();
        hand.time.advance(TIMEOUT);

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void theItemsFailAtOnceAndTheSlotStaysTakenUntilTheProcessorReturns() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    if (batch.contains(1)) {
                        entered.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.set(true);
                        }
                        released.await();
                    }
                    return ByHand.doubled(batch);
                })
                .executor(oneThread)
                .batchTimeout(TIMEOUT)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 10);
        assertThat(entered.await(10, SECONDS)).isTrue();

        hand.time.advance(TIMEOUT);

        futures.subList(0, 5).forEach(future -> assertAborted(future, true));
        ByHand.await(interrupted::get);
        assertThat(batcher.snapshot().abandonedBatches()).isEqualTo(1);
        assertThat(batcher.snapshot().activeBatches()).isZero();
        assertThat(batcher.snapshot().inFlight()).isZero();
        assertThat(batcher.snapshot().queued()).isEqualTo(5);
        released.countDown();
        assertThat(futures.get(9).get(10, SECONDS)).isEqualTo(20);
        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6, 7, 8, 9, 10));
        ByHand.await(() -> batcher.snapshot().abandonedBatches() == 0);
    }

    @Test
    void theInterruptNeverReachesTheNextBatch() throws Exception {
        List<Boolean> flags = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    if (batch.contains(1)) {
                        entered.countDown();
                        while (!Thread.currentThread().isInterrupted()) {
                            Thread.onSpinWait();
                        }
                    } else {
                        flags.add(Thread.currentThread().isInterrupted());
                    }
                    return ByHand.doubled(batch);
                })
                .executor(oneThread)
                .batchTimeout(TIMEOUT)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 10);
        assertThat(entered.await(10, SECONDS)).isTrue();

        hand.time.advance(TIMEOUT);

        assertThat(futures.get(9).get(10, SECONDS)).isEqualTo(20);
        assertThat(flags).containsExactly(false);
        assertThat(oneThread
                        .submit(() -> Thread.currentThread().isInterrupted())
                        .get(10, SECONDS))
                .isFalse();
    }

    @Test
    void anInterruptThatComesLateReachesNobody() throws Exception {
        AtomicReference<CountDownLatch> go = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    ByHand.await(go.get());
                    return ByHand.doubled(batch);
                })
                .executor(oneThread)
                .maxBatchSize(1)
                .batchTimeout(TIMEOUT)
                .build();

        for (int round = 0; round < 3_000; round++) {
            CountDownLatch start = new CountDownLatch(1);
            go.set(start);
            CompletableFuture<Integer> future = batcher.process(round);
            start.countDown();
            hand.time.advance(TIMEOUT);

            assertThat(future.handle((result, failure) -> true).get(10, SECONDS))
                    .isTrue();
            assertThat(oneThread
                            .submit(() -> Thread.currentThread().isInterrupted())
                            .get(10, SECONDS))
                    .as("round %d", round)
                    .isFalse();
        }
        ByHand.await(() -> batcher.snapshot().abandonedBatches() == 0);
        assertThat(batcher.stop(false).get(10, SECONDS)).isNull();
    }

    @Test
    void whatTheProcessorReturnsTooLateIsDropped() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    hand.time.advance(TIMEOUT);
                    return ByHand.doubled(batch);
                })
                .batchTimeout(TIMEOUT)
                .listener(log)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        hand.executor.runAll();

        futures.forEach(future -> assertAborted(future, true));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(log.finished()).extracting(BatchLog.Finished::outcome).containsExactly(BatchOutcome.ABORTED);
        assertThat(batcher.snapshot().abandonedBatches()).isZero();
    }

    @Test
    void everyItemIsToldOfAsAbortedOnce() {
        List<ItemOutcome> settled = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    hand.time.advance(TIMEOUT);
                    return ByHand.doubled(batch);
                })
                .batchTimeout(TIMEOUT)
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        settled.add(outcome);
                    }
                })
                .build();
        ByHand.submit(batcher, 1, 5);

        hand.executor.runAll();

        assertThat(settled).hasSize(5).containsOnly(ItemOutcome.ABORTED);
    }

    @Test
    void timeInTheExecutorsQueueCounts() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    hand.time.advance(Duration.ofMillis(20));
                    return ByHand.doubled(batch);
                })
                .batchTimeout(TIMEOUT)
                .build();
        CompletableFuture<Integer> inTime = ByHand.submit(batcher, 1, 5).get(4);
        hand.time.advanceMillis(29);
        hand.executor.runAll();
        CompletableFuture<Integer> late = ByHand.submit(batcher, 6, 10).get(4);
        hand.time.advanceMillis(31);
        hand.executor.runAll();

        assertThat(inTime).isCompletedWithValue(10);
        assertAborted(late, true);
    }

    @Test
    void aStageThatNeverEndsKeepsItsSlotButNotItsItems() {
        List<CompletableFuture<List<Integer>>> stages = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    stages.add(new CompletableFuture<>());
                    return stages.get(stages.size() - 1).copy();
                })
                .maxBatchSize(2)
                .batchTimeout(TIMEOUT)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        hand.time.advance(TIMEOUT);

        assertAborted(futures.get(0), true);
        assertAborted(futures.get(1), true);
        assertThat(futures.get(2)).isNotDone();
    }

    @Test
    void theEarlierOfBothTimeoutsWins() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().batchTimeout(TIMEOUT).maxQueueTime(Duration.ZERO).build();
        CompletableFuture<Integer> impatient = batcher.process(1, TIMEOUT.minusMillis(1));
        hand.time.advance(TIMEOUT.minusMillis(1));
        assertThat(ByHand.failure(impatient)).isInstanceOf(ItemExpiredException.class);
        hand.executor.runAll();
        CompletableFuture<Integer> patient = batcher.process(2, TIMEOUT.plusMillis(1));
        hand.time.advance(TIMEOUT);

        assertAborted(patient, false);
    }

    @Test
    void aGracefulStopDoesNotWaitForAnAbandonedBatch() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    entered.countDown();
                    ByHand.await(released);
                    return ByHand.doubled(batch);
                })
                .executor(oneThread)
                .batchTimeout(TIMEOUT)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        assertThat(entered.await(10, SECONDS)).isTrue();
        CompletableFuture<Void> stopped = batcher.stop(false);
        assertThat(stopped).isNotDone();

        hand.time.advance(TIMEOUT);

        assertThat(stopped.get(10, SECONDS)).isNull();
        futures.forEach(future -> assertAborted(future, true));
        assertThat(batcher.snapshot().abandonedBatches()).isEqualTo(1);
        batcher.start();
        CompletableFuture<Integer> later = batcher.process(6);
        hand.time.advance(ByHand.LINGER);
        assertThat(batcher.snapshot().queued()).as("it still holds its slot").isEqualTo(1);
        released.countDown();
        assertThat(later.get(10, SECONDS)).isEqualTo(12);
    }

    @Test
    void aGracefulStopEndsThoughTheExecutorDropsEveryBatch() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .executor(task -> {})
                .concurrency(2)
                .batchTimeout(TIMEOUT)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 22);

        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.time.advance(TIMEOUT.multipliedBy(3));

        assertThat(stopped).isCompleted();
        futures.forEach(future -> assertAborted(future, false));
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aChangeHoldsForTheNextBatch() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().concurrency(2).batchTimeout(TIMEOUT).build();
        CompletableFuture<Integer> before = ByHand.submit(batcher, 1, 5).get(0);

        batcher.reconfigure(options -> options.withBatchTimeout(Duration.ofMillis(5)));
        CompletableFuture<Integer> after = ByHand.submit(batcher, 6, 10).get(0);
        hand.time.advanceMillis(5);

        assertAborted(after, false);
        assertThat(before).isNotDone();
        hand.time.advance(TIMEOUT);
        assertAborted(before, false);
    }

    @Test
    void theLongestTimeoutIsNoProblem() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().batchTimeout(Duration.ofSeconds(Long.MAX_VALUE)).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.time.advance(Duration.ofDays(1));
        assertThat(futures).noneMatch(CompletableFuture::isDone);

        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
    }

    @Test
    void aSlowBatchOfManySlotsIsEndedAlone() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().concurrency(-1).batchTimeout(TIMEOUT).build();
        List<CompletableFuture<Integer>> first = ByHand.submit(batcher, 1, 5);
        hand.time.advanceMillis(20);
        List<CompletableFuture<Integer>> second = ByHand.submit(batcher, 6, 10);

        hand.time.advanceMillis(30);
        first.forEach(future -> assertAborted(future, false));
        assertThat(second).noneMatch(CompletableFuture::isDone);
        hand.executor.runAll();

        assertThat(second).extracting(CompletableFuture::join).containsExactly(12, 14, 16, 18, 20);
        assertThat(hand.batches).hasSize(1);
    }

    @Test
    void aBatchWhoseTimeIsOverBeforeItBeginsIsNotCalledThoughTheAlarmIsLate() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(1)
                .batchTimeout(Duration.ofMillis(5))
                .build();
        CompletableFuture<Integer> late = batcher.process(1);

        hand.time.skip(Duration.ofSeconds(1));
        hand.executor.runAll();

        assertThat(hand.batches).isEmpty();
        assertThat(ByHand.failure(late))
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        aborted -> assertThat(aborted.mayHaveRun()).isFalse());
        assertThat(batcher.stop(false)).isCompleted();
    }
}
