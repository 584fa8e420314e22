package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A processor that is told to slow down, and says so by a {@link RateLimitedException}. */
@Timeout(30)
class RateLimitedExceptionTests {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ByHand hand = new ByHand();
    /** For how long the next calls are rejected; null is not at all. */
    private final Deque<Duration> rejections = new ArrayDeque<>();

    private List<Integer> answer(List<Integer> batch) {
        Duration rejection = rejections.poll();
        if (rejection != null) {
            throw new RateLimitedException(rejection);
        }
        return ByHand.doubled(batch);
    }

    private AsyncBatcher.Builder<Integer, Integer> limited() {
        return hand.builder(this::answer);
    }

    @Test
    void itsItemsGoBackInOrderAndNothingStartsBeforeThePauseIsOver() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(PAUSE);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runNext();

        assertThat(hand.executor.waiting()).isZero();
        assertThat(futures).noneMatch(CompletableFuture::isDone);
        assertThat(batcher.snapshot().queued()).isEqualTo(8);
        assertThat(batcher.snapshot().activeBatches()).isZero();
        hand.time.advance(PAUSE.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(Duration.ofNanos(1));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(1, 2, 3, 4, 5), List.of(6, 7, 8));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10, 12, 14, 16);
    }

    @Test
    void itsItemsShareTheNextBatchWithWhatCameAfterThem() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(PAUSE);
        ByHand.submit(batcher, 1, 2);
        hand.pass(ByHand.LINGER);
        ByHand.submit(batcher, 3, 6);

        hand.pass(PAUSE);

        assertThat(hand.batches.subList(0, 2)).containsExactly(List.of(1, 2), List.of(1, 2, 3, 4, 5));
    }

    @Test
    void itIsNoAttempt() {
        AsyncBatcher<Integer, Integer> batcher = limited().maxAttempts(1).build();
        for (int i = 0; i < 10; i++) {
            rejections.add(PAUSE);
        }
        CompletableFuture<Integer> future = batcher.process(1);

        hand.pass(Duration.ofMillis(9 * 20 + 10));
        assertThat(future).isNotDone();
        hand.pass(Duration.ofMillis(20));

        assertThat(hand.batches).hasSize(11);
        assertThat(future).isCompletedWithValue(2);
    }

    @Test
    void timeoutsGoOn() {
        AsyncBatcher<Integer, Integer> batcher =
                limited().maxQueueTime(Duration.ZERO).build();
        rejections.add(PAUSE);
        CompletableFuture<Integer> tried = batcher.process(1, Duration.ofMillis(15));
        hand.executor.runAll();
        CompletableFuture<Integer> queued = batcher.process(2, Duration.ofMillis(15));
        hand.pass(PAUSE);

        assertThat(ByHand.failure(tried))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        failure -> assertThat(failure.mayHaveRun()).isTrue());
        assertThat(ByHand.failure(queued))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        failure -> assertThat(failure.mayHaveRun()).isFalse());
        assertThat(hand.batches).hasSize(1);
    }

    @Test
    void noOtherSlotAndNoOtherPartitionStartsEither() {
        AsyncBatcher<Integer, Integer> batcher = limited()
                .concurrency(4)
                .maxQueueTime(Duration.ZERO)
                .partitionBy(item -> item)
                .build();
        rejections.add(PAUSE);
        batcher.process(1);
        hand.executor.runAll();

        batcher.process(2);
        batcher.process(3);
        batcher.flush();
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(PAUSE);

        assertThat(hand.executor.waiting()).isEqualTo(3);
    }

    @Test
    void theLongestOfSeveralPausesHolds() {
        AsyncBatcher<Integer, Integer> batcher =
                limited().concurrency(3).maxBatchSize(1).build();
        rejections.addAll(List.of(PAUSE, Duration.ofMillis(5), Duration.ofMillis(30)));
        ByHand.submit(batcher, 1, 3);
        hand.executor.runNext();
        hand.executor.runNext();
        hand.time.advanceMillis(5);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runNext();

        hand.time.advance(Duration.ofMillis(30).minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(Duration.ofNanos(1));
        hand.executor.runAll();

        assertThat(hand.batches.subList(3, 6)).containsExactlyInAnyOrder(List.of(1), List.of(2), List.of(3));
    }

    @Test
    void aPauseOfZeroOrLessIsAMillisecond() {
        AsyncBatcher<Integer, Integer> batcher =
                limited().maxQueueTime(Duration.ZERO).build();
        rejections.addAll(List.of(Duration.ZERO, Duration.ofSeconds(-1)));

        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(1);
        hand.pass(Duration.ofMillis(2));

        assertThat(future).isCompletedWithValue(2);
        assertThat(hand.batches).hasSize(3);
    }

    @Tag("volume")
    @Test
    void manyRejectionsOnOneThreadMakeNoDeepStack() {
        AsyncBatcher<Integer, Integer> batcher =
                limited().executor(Runnable::run).maxQueueTime(Duration.ZERO).build();
        for (int i = 0; i < 100_000; i++) {
            rejections.add(Duration.ZERO);
        }

        CompletableFuture<Integer> future = batcher.process(1);
        hand.time.advance(Duration.ofSeconds(100));

        assertThat(future).isCompletedWithValue(2);
    }

    @Test
    void theLongestPauseIsNoProblem() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(Duration.ofSeconds(Long.MAX_VALUE));
        CompletableFuture<Integer> future = batcher.process(1);
        hand.pass(ByHand.LINGER);

        hand.time.advance(Duration.ofDays(100));

        assertThat(hand.batches).hasSize(1);
        assertThat(future).isNotDone();
        assertThat(batcher.stop(Duration.ZERO)).isCompleted();
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void flushAndReconfigureDoNotShortenThePause() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(PAUSE);
        batcher.process(1);
        hand.pass(ByHand.LINGER);

        batcher.flush();
        batcher.reconfigure(options -> options.withMaxBatchSize(1).withConcurrency(3));
        batcher.pause();
        batcher.resume();

        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(PAUSE);
        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void theItemsMayExceedTheQueue() {
        AsyncBatcher<Integer, Integer> batcher =
                limited().maxBatchSize(2).maxQueueSize(2).build();
        rejections.add(PAUSE);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext();

        assertThat(batcher.snapshot().queued()).isEqualTo(4);
        assertThat(ByHand.failure(batcher.process(5))).isInstanceOf(QueueFullException.class);
        hand.pass(PAUSE);

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8);
    }

    @Test
    void aGracefulStopKeepsThePause() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(PAUSE);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);
        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();

        hand.time.advance(PAUSE.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        assertThat(stopped).isNotDone();
        hand.time.advance(Duration.ofNanos(1));
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(stopped).isCompleted();
    }

    @Test
    void aForcedStopEndsThePause() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(PAUSE);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 6);
        hand.executor.runAll();

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures)
                .extracting(ByHand::failure)
                .allMatch(BatcherStoppedException.class::isInstance)
                .extracting(failure -> ((BatcherStoppedException) failure).mayHaveRun())
                .containsExactly(true, true, true, true, true, false);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void cancelledOnesDoNotComeBack() {
        AsyncBatcher<Integer, Integer> batcher = limited().build();
        rejections.add(PAUSE);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        futures.get(1).cancel(false);
        futures.get(4).complete(0);
        hand.pass(PAUSE);

        assertThat(hand.batches.get(1)).containsExactly(1, 3, 4);
    }

    @Test
    void anAsynchronousProcessorMaySayItThroughItsStage() {
        List<CompletableFuture<List<Integer>>> stages = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    stages.add(new CompletableFuture<>());
                    return stages.get(stages.size() - 1);
                })
                .maxQueueTime(Duration.ZERO)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();

        stages.get(0).completeExceptionally(new CompletionException(new RateLimitedException(PAUSE)));
        assertThat(future).isNotDone();
        hand.pass(PAUSE);
        assertThat(stages).hasSize(2);
        stages.get(1).complete(List.of(9));

        assertThat(future).isCompletedWithValue(9);
    }

    @Test
    void everyItemIsToldOfAsSettledOnce() {
        List<ItemOutcome> settled = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = limited()
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        settled.add(outcome);
                    }
                })
                .build();
        rejections.add(PAUSE);
        ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(settled).isEmpty();
        hand.pass(PAUSE);
        assertThat(settled).hasSize(5).containsOnly(ItemOutcome.SUCCESS);
    }

    @Test
    void isolationLeavesItAlone() {
        List<Throwable> asked = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = limited()
                .isolateFailures(failure -> {
                    asked.add(failure);
                    return true;
                })
                .build();
        rejections.add(PAUSE);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(1);

        hand.pass(PAUSE);

        assertThat(hand.batches).hasSize(2);
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
        assertThat(asked).isEmpty();
    }

    @Test
    void partitionsKeepTheirOrder() {
        AsyncBatcher<Integer, Integer> batcher =
                limited().partitionBy(item -> item % 2).maxBatchSize(2).build();
        rejections.addAll(List.of(PAUSE, PAUSE));
        ByHand.submit(batcher, 1, 12);

        hand.pass(Duration.ofMillis(60));

        for (int key = 0; key < 2; key++) {
            int rest = key;
            assertThat(hand.batches.subList(2, 8).stream()
                            .filter(batch -> batch.get(0) % 2 == rest)
                            .flatMap(List::stream))
                    .hasSize(6)
                    .isSorted();
        }
    }
}
