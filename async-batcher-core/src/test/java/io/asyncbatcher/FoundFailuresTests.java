package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What random runs and reading have found, each in its smallest form. */
class FoundFailuresTests {

    private final ByHand hand = new ByHand();

    @Test
    void theSnapshotCountsAllQueuedItemsAlsoWhenTheLimitHasBecomeLower() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        ByHand.submit(batcher, 1, 6);

        batcher.reconfigure(options -> options.withMaxQueueSize(1));

        assertThat(batcher.snapshot().queued()).isEqualTo(6);
    }

    @Test
    void flushCoversNothingThatComesLaterAlsoWhenTheLastFlushedItemIsCancelled() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().maxBatchSize(2).build();
        ByHand.submit(batcher, 1, 4);
        CompletableFuture<Integer> flushed = batcher.process(5);
        batcher.flush();
        batcher.process(6);

        flushed.cancel(false);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(3, 4));
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
    }

    @Test
    void flushCoversNothingThatComesLaterAlsoWhenTheOnlyFlushedItemIsCancelled() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);
        CompletableFuture<Integer> flushed = batcher.process(6);
        batcher.flush();
        batcher.process(7);

        flushed.cancel(false);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5));
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
    }

    @Test
    void aLingerThatIsSwitchedOnCountsFromTheItemsOwnSubmission() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ZERO).build();
        ByHand.submit(batcher, 1, 2);

        hand.time.advance(ByHand.LINGER);
        batcher.reconfigure(options -> options.withMaxQueueTime(ByHand.LINGER).withConcurrency(2));

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void aSmallerBatchSizeDoesNotBeginTheLingerAnew() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(100).build();
        batcher.process(0);
        batcher.flush();
        ByHand.submit(batcher, 1, 7);

        hand.time.advanceMillis(9);
        batcher.reconfigure(options -> options.withMaxBatchSize(5).withConcurrency(3));
        assertThat(hand.executor.waiting()).isEqualTo(2);
        hand.time.advanceMillis(1);

        assertThat(hand.executor.waiting()).isEqualTo(3);
    }

    @Test
    void anItemThatExpiredInABatchThatNeverBeganHasNotRun() {
        HandRunExecutor completionExecutor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().completionExecutor(completionExecutor).build();
        CompletableFuture<Integer> timed = batcher.process(1, Duration.ofMillis(5));
        batcher.flush();
        hand.time.advanceMillis(5);

        batcher.stop(true);
        completionExecutor.runAll();

        assertThat(ByHand.failure(timed))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isFalse());
    }

    @Test
    void anItemThatComesAfterAReconfigurationLingersFromItsOwnSubmission() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(100).build();
        batcher.process(0);
        batcher.flush();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        batcher.reconfigure(options -> options.withMaxBatchSize(3));
        hand.executor.runAll();
        batcher.process(5);

        hand.time.advanceMillis(9);
        futures.get(3).cancel(false);
        hand.time.advanceMillis(1);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void aTimeoutBelowAllNanosecondsFailsAtOnceToo() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        CompletableFuture<Integer> future = batcher.process(1, Duration.ofSeconds(Long.MIN_VALUE));

        assertThat(ByHand.failure(future)).isInstanceOf(ItemExpiredException.class);
        assertThat(batcher.stop(Duration.ofSeconds(Long.MIN_VALUE))).isCompleted();
    }

    @Test
    void anItemQueuedWithoutLingerWaitsForNoneThatComesByTwoChanges() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).maxQueueTime(Duration.ZERO).build();
        ByHand.submit(batcher, 1, 2);
        hand.time.advanceMillis(13);

        batcher.reconfigure(options -> options.withMaxBatchSize(5).withMaxQueueTime(Duration.ofMillis(5)));
        batcher.reconfigure(
                options -> options.withMaxQueueTime(Duration.ofMillis(20)).withConcurrency(2));
        hand.time.advanceMillis(7);

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void anItemThatWasToBeTriedAgainIsSettledByAForcedStopThatFindsItsBatchHalved() {
        Outcomes function = new Outcomes();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.withOutcomes(function))
                .maxBatchSize(4)
                .isolateFailures(failure -> true)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext(); // all of them fail
        hand.executor.runNext(); // of the first half, one wants another try

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(stopped).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.get(1)).isCompletedWithValue(2);
        assertThat(ByHand.failure(futures.get(0))).isInstanceOf(BatcherStoppedException.class);
    }

    @Test
    void manyBatchesAreHandedOverBeforeMoreAreBound() {
        List<Integer> queuedAtHandOver = new ArrayList<>();
        AtomicReference<AsyncBatcher<Integer, Integer>> batcher = new AtomicReference<>();
        batcher.set(hand.builder()
                .maxBatchSize(1)
                .concurrency(-1)
                .executor(batch -> {
                    queuedAtHandOver.add(batcher.get().snapshot().queued());
                    hand.executor.execute(batch);
                })
                .build());
        batcher.get().pause();
        ByHand.submit(batcher.get(), 1, 1000);

        batcher.get().resume();
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1000);
        assertThat(queuedAtHandOver.get(0)).isGreaterThan(900);
    }

    /** Fails with more than two items, and has the first item tried again. */
    private static final class Outcomes implements BatchFunction<Integer, List<Outcome<Integer>>> {
        @Override
        public List<Outcome<Integer>> apply(List<Integer> batch) {
            if (batch.size() > 2) {
                throw new IllegalArgumentException();
            }
            return batch.stream()
                    .map(item ->
                            item == 1 ? Outcome.<Integer>retry(new IllegalStateException()) : Outcome.success(item))
                    .toList();
        }
    }
}
