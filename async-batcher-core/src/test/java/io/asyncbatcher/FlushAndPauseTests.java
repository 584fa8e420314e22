package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FlushAndPauseTests {

    private final ByHand hand = new ByHand();

    @Test
    void flushDispatchesWithoutLinger() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 2);

        batcher.flush();
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2));
        assertThat(batcher.snapshot().dispatches().get(DispatchReason.FLUSH)).isEqualTo(1);
    }

    @Test
    @DisplayName("In the corners: flush covers what is queued at the call")
    void flushCoversNothingThatComesLater() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);
        ByHand.submit(batcher, 6, 7);

        batcher.flush();
        hand.executor.runAll();
        batcher.process(8);

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6, 7));
        assertThat(hand.executor.waiting()).isZero();
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
    void flushOfAnEmptyQueueIsNotRemembered() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        batcher.flush();
        batcher.process(1);

        assertThat(hand.executor.waiting()).isZero();
    }

    @Test
    @DisplayName("In the corners: flush while paused does nothing and is not remembered")
    void flushWhilePausedIsNotRemembered() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.process(1);
        batcher.pause();

        batcher.flush();
        assertThat(hand.executor.waiting()).isZero();
        batcher.resume();

        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(ByHand.LINGER);
        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void aPausedBatcherAcceptsButDispatchesNothing() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 12);
        hand.time.advance(ByHand.LINGER.multipliedBy(100));

        assertThat(hand.executor.waiting()).isZero();
        assertThat(batcher.snapshot().paused()).isTrue();
        assertThat(batcher.snapshot().queued()).isEqualTo(12);
        assertThat(futures).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void whatWasQueuedInAPauseLeavesAtItsEndInFullBatches() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        ByHand.submit(batcher, 1, 12);
        hand.time.advanceMillis(11);

        batcher.resume();
        hand.executor.runAll();

        assertThat(batcher.snapshot().paused()).isFalse();
        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6, 7, 8, 9, 10), List.of(11, 12));
    }

    @Test
    void aPauseLetsWhatIsInFlightGoOn() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        batcher.pause();
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aPausedBatcherStillExpiresItemsAndGivesPlacesBack() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        CompletableFuture<Integer> timed = batcher.process(1, ByHand.LINGER);

        hand.time.advance(ByHand.LINGER);

        assertThat(ByHand.failure(timed)).isInstanceOf(ItemExpiredException.class);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    @DisplayName("In the corners: stop ends a pause and linger")
    void stopEndsAPauseAndLinger() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);

        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6, 7));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(stopped).isCompleted();
    }

    @Test
    void aPauseDuringAStopHoldsNothingUp() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 7);

        CompletableFuture<Void> stopped = batcher.stop(false);
        batcher.pause();
        hand.executor.runAll();

        assertThat(stopped).isCompleted();
    }
}
