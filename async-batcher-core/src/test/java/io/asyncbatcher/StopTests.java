package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StopTests {

    private final ByHand hand = new ByHand();
    private final List<CompletableFuture<List<Integer>>> stages = new ArrayList<>();

    private AsyncBatcher.Builder<Integer, Integer> async() {
        return AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                })
                .maxBatchSize(5)
                .time(hand.time)
                .executor(hand.executor);
    }

    private static Predicate<CompletableFuture<Integer>> failedAs(
            Class<? extends BatcherException> type, boolean mayHaveRun) {
        return future -> type.isInstance(ByHand.failure(future))
                && ((BatcherException) ByHand.failure(future)).mayHaveRun() == mayHaveRun;
    }

    @Test
    void anItemAfterAStopIsRejected() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().name("prices").build();
        batcher.stop(false);

        CompletableFuture<Integer> future = batcher.process(1);

        assertThat(future).matches(failedAs(BatcherStoppedException.class, false));
        assertThat(ByHand.failure(future)).hasMessageContaining("prices");
        assertThat(batcher.isRunning()).isFalse();
        assertThat(batcher.snapshot().running()).isFalse();
        assertThat(batcher.snapshot().rejections().get(RejectionReason.STOPPED)).isEqualTo(1);
    }

    @Test
    @DisplayName("In the corners: every future is settled before the one that stop returned is")
    void aGracefulStopEndsAfterEveryFutureIsSettled() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 13);
        List<Boolean> allDone = new ArrayList<>();

        CompletableFuture<Void> stopped = batcher.stop(false);
        stopped.thenRun(() -> allDone.add(futures.stream().allMatch(CompletableFuture::isDone)));
        assertThat(stopped).isNotDone();
        hand.executor.runAll();

        assertThat(stopped).isCompleted();
        assertThat(allDone).containsExactly(true);
        assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aStopWaitsForAProcessorWhoseItemsAreAllCancelled() {
        AsyncBatcher<Integer, Integer> batcher = async().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        futures.forEach(future -> future.cancel(true));

        CompletableFuture<Void> stopped = batcher.stop(false);

        assertThat(stopped).isNotDone();
        stages.get(0).complete(List.of());
        assertThat(stopped).isCompleted();
    }

    @Test
    void aStopEndsAfterTheCancelledItemThatItWaitedFor() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().concurrency(1).maxBatchSize(1).build();
        batcher.process(1);
        CompletableFuture<Integer> queued = batcher.process(2);
        AtomicBoolean settledAtEnd = new AtomicBoolean();
        batcher.stop(false).thenRun(() -> settledAtEnd.set(queued.isDone()));
        hand.executor.runNext();
        assertThat(hand.executor.waiting()).isEqualTo(1);

        queued.cancel(false);
        hand.executor.runAll();

        assertThat(settledAtEnd).isTrue();
    }

    @Test
    @DisplayName("Promise 1: a forced stop settles everything at once, each item in its own way")
    void aForcedStopFailsEveryItemInItsOwnWay() {
        AsyncBatcher<Integer, Integer> batcher = async().concurrency(2).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 12);
        hand.executor.runNext();

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(stopped).isCompleted();
        assertThat(futures.subList(0, 5)).allMatch(failedAs(BatchAbortedException.class, true));
        assertThat(futures.subList(5, 12)).allMatch(failedAs(BatcherStoppedException.class, false));
        BatcherSnapshot snapshot = batcher.snapshot();
        assertThat(snapshot.queued()).isZero();
        assertThat(snapshot.inFlight()).isZero();
        assertThat(snapshot.abandonedBatches()).isEqualTo(1);
        assertThat(snapshot.activeBatches()).isZero();
    }

    @Test
    @DisplayName("In the corners: a batch that the executor never ran fails at a forced stop as if it were queued")
    void aBatchThatNeverBeganIsNeverRunAfterAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        batcher.stop(true);
        hand.executor.runAll();

        assertThat(futures).allMatch(failedAs(BatcherStoppedException.class, false));
        assertThat(hand.batches).isEmpty();
    }

    @Test
    void aForcedStopInterruptsTheProcessorAndTheFlagReachesNoOtherBatch() {
        List<Boolean> interrupted = new ArrayList<>();
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        self.get(0).stop(true);
                    }
                    interrupted.add(Thread.currentThread().isInterrupted());
                    return batch;
                })
                .build();
        self.add(batcher);
        ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        batcher.start();

        ByHand.submit(batcher, 6, 10);
        hand.executor.runAll();

        assertThat(interrupted).containsExactly(true, false);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void graceThatIsOverForcesTheStop() {
        AsyncBatcher<Integer, Integer> batcher = async().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);
        hand.executor.runAll();

        CompletableFuture<Void> stopped = batcher.stop(Duration.ofSeconds(3));
        hand.time.advance(Duration.ofSeconds(3).minusNanos(1));
        assertThat(stopped).isNotDone();
        hand.time.advance(Duration.ofNanos(1));

        assertThat(stopped).isCompleted();
        assertThat(futures.subList(0, 5)).allMatch(failedAs(BatchAbortedException.class, true));
        assertThat(futures.subList(5, 7)).allMatch(failedAs(BatcherStoppedException.class, false));
    }

    @Test
    void aGraceOfZeroOrLessForcesTheStopAtOnce() {
        for (Duration grace : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
            CompletableFuture<Integer> queued = batcher.process(1);

            assertThat(batcher.stop(grace)).isCompleted();
            assertThat(queued).matches(failedAs(BatcherStoppedException.class, false));
        }
    }

    @Test
    void aStopWithinItsGraceIsAGracefulOneAndLeavesNoAlarm() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);

        CompletableFuture<Void> stopped = batcher.stop(Duration.ofSeconds(3));
        hand.executor.runAll();

        assertThat(stopped).isCompleted();
        assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void theGraceOfAnEarlierStopDoesNotReachALaterOne() {
        AsyncBatcher<Integer, Integer> batcher = async().maxBatchSize(1).build();
        assertThat(batcher.stop(Duration.ofSeconds(1))).isCompleted();
        batcher.start();
        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();

        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.time.advance(Duration.ofSeconds(2));

        assertThat(stopped).isNotDone();
        stages.get(0).complete(List.of(2));
        assertThat(future).isCompletedWithValue(2);
        assertThat(stopped).isCompleted();
    }

    @Test
    @DisplayName("In the corners: stop again returns the same end")
    void stopAgainReturnsTheSameEnd() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);

        CompletableFuture<Void> first = batcher.stop(false);
        CompletableFuture<Void> second = batcher.stop(Duration.ofDays(1));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        hand.executor.runAll();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(batcher.stop(true)).isCompleted();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aGracefulStopCanBeMadeAForcedOne() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);

        CompletableFuture<Void> graceful = batcher.stop(false);
        CompletableFuture<Void> forced = batcher.stop(true);

        assertThat(graceful).isCompleted();
        assertThat(forced).isCompleted();
        assertThat(futures).allMatch(failedAs(BatcherStoppedException.class, false));
    }

    @Test
    void whoeverCompletesTheReturnedEndFoolsNobodyElse() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);

        batcher.stop(false).cancel(true);

        CompletableFuture<Void> stopped = batcher.stop(false);
        assertThat(stopped).isNotDone();
        hand.executor.runAll();
        assertThat(stopped).isCompleted();
    }

    @Test
    @DisplayName("In the corners: start while stopping throws, while running does nothing")
    void startWhileStoppingThrows() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().name("prices").build();
        batcher.start();
        ByHand.submit(batcher, 1, 5);
        batcher.stop(false);

        assertThatIllegalStateException().isThrownBy(batcher::start).withMessageContaining("prices");

        hand.executor.runAll();
        batcher.start();
        assertThat(batcher.isRunning()).isTrue();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 6, 10);
        hand.executor.runAll();
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(12, 14, 16, 18, 20);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void anItemsTimeoutHoldsInAGracefulStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);
        CompletableFuture<Integer> timed = batcher.process(6, Duration.ofMillis(5));

        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.time.advanceMillis(5);
        assertThat(timed).matches(failedAs(ItemExpiredException.class, false));
        hand.executor.runAll();

        assertThat(stopped).isCompleted();
        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5));
    }

    @Test
    void aForcedStopEndsWhatOtherThreadsHaveYetToSettle() {
        List<Runnable> offloaded = new ArrayList<>();
        AtomicReference<AsyncBatcher<Integer, Integer>> self = new AtomicReference<>();
        List<Integer> inFlight = new ArrayList<>();
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    if (batch.contains(2)) {
                        inFlight.add(self.get().snapshot().inFlight());
                        stops.add(self.get().stop(true));
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(1)
                .executor(Runnable::run)
                .time(hand.offloadingTo(offloaded))
                .build();
        self.set(batcher);
        batcher.pause();
        CompletableFuture<Integer> first = batcher.process(1);
        CompletableFuture<Integer> awaited = first.thenApply(result -> result);
        CompletableFuture<Integer> second = batcher.process(2);

        batcher.resume();
        while (!offloaded.isEmpty()) {
            offloaded.remove(0).run();
        }

        assertThat(inFlight).containsExactly(2);
        assertThat(stops).hasSize(1).allMatch(CompletableFuture::isDone);
        assertThat(awaited).isCompletedWithValue(2);
        assertThat(second).matches(failedAs(BatchAbortedException.class, true));
    }
}
