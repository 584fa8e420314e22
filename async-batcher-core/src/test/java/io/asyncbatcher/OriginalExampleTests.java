package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The example and the rules of the Python library that this one follows. */
class OriginalExampleTests {

    private final ByHand hand = new ByHand();

    private AsyncBatcher.Builder<Integer, Integer> example() {
        return hand.builder()
                .maxBatchSize(5)
                .maxQueueTime(Duration.ofSeconds(2))
                .concurrency(2);
    }

    @Test
    void theExampleDoublesTenItemsInTwoBatches() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(ByHand::doubled)
                .maxBatchSize(5)
                .maxQueueTime(Duration.ofSeconds(2))
                .concurrency(2)
                .build();

        List<Integer> results = batcher.processAll(
                        IntStream.range(0, 10).boxed().toList())
                .get(1, TimeUnit.SECONDS); // well below the linger: nothing waits for it

        assertThat(results).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
        batcher.stop(false).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aFullBatchLeavesAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = example().build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, 9);

        assertThat(hand.executor.waiting()).isEqualTo(2);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(0, 1, 2, 3, 4), List.of(5, 6, 7, 8, 9));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
    }

    @Test
    void aBatchThatIsNotFullLeavesWhenItsFirstItemHasWaitedTheQueueTime() {
        AsyncBatcher<Integer, Integer> batcher = example().build();

        batcher.process(1);
        hand.time.advanceMillis(1_500);
        batcher.process(2);
        hand.time.advanceMillis(499);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advanceMillis(1);

        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 2));
    }

    @Test
    void itemsGoOnCollectingWhileAllSlotsAreBusy() {
        AsyncBatcher<Integer, Integer> batcher = example().build();
        ByHand.submit(batcher, 0, 9);

        batcher.process(10);
        hand.time.advance(Duration.ofSeconds(3));
        batcher.process(11);
        assertThat(hand.executor.waiting()).isEqualTo(2);
        hand.executor.runNext();
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(3).last().isEqualTo(List.of(10, 11));
    }

    @Test
    void aFullQueueRejectsWithAClearError() {
        AsyncBatcher<Integer, Integer> batcher = example()
                .name("prices")
                .concurrency(1)
                .maxQueueSize(2)
                .maxBatchSize(1)
                .build();
        ByHand.submit(batcher, 1, 3);

        CompletableFuture<Integer> rejected = batcher.process(4);

        assertThat(ByHand.failure(rejected))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("prices")
                .hasMessageContaining("2");
    }

    @Test
    void aProcessorsFailureReachesEachOfItsCallersAndNoOther() {
        IllegalStateException failure = new IllegalStateException("database is down");
        AsyncBatcher<Integer, Integer> batcher = hand.builder((BatchProcessor<Integer, Integer>) batch -> {
                    if (batch.contains(1)) {
                        throw failure;
                    }
                    return batch;
                })
                .maxBatchSize(2)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).containsExactly(failure, failure, null, null);
    }

    @Test
    void aGracefulStopEndsAfterEverythingAcceptedIsSettled() {
        AsyncBatcher<Integer, Integer> batcher = example().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, 11);

        CompletableFuture<Void> stopped = batcher.stop(false);

        while (hand.executor.waiting() > 0) {
            assertThat(stopped).isNotDone();
            hand.executor.runNext();
        }
        assertThat(futures).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(stopped).isCompleted();
    }

    @Test
    void aForcedStopSettlesEverythingAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = example().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, 11);

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(stopped).isCompleted();
    }
}
