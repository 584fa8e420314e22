package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProcessAllTests {

    private final ByHand hand = new ByHand();

    @Test
    void theResultsAreInTheItemsOrder() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().concurrency(3).build();

        CompletableFuture<List<Integer>> all = batcher.processAll(new LinkedHashSet<>(List.of(9, 1, 8, 2, 7, 3, 6, 4)));
        hand.executor.runAll();
        assertThat(all).isNotDone();
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        assertThat(all).isCompletedWithValue(List.of(18, 2, 16, 4, 14, 6, 12, 8));
        assertThat(hand.batches).containsExactly(List.of(9, 1, 8, 2, 7), List.of(3, 6, 4));
    }

    @Test
    void anEmptyCollectionIsDoneAtOnceAlsoAfterAStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        assertThat(batcher.processAll(List.of())).isCompletedWithValue(List.of());
        batcher.stop(true);
        assertThat(batcher.processAll(List.of())).isCompletedWithValue(List.of());
    }

    @Test
    void aNullElementThrowsBeforeAnythingIsAccepted() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        assertThatNullPointerException().isThrownBy(() -> batcher.processAll(Arrays.asList(1, 2, null)));
        assertThatNullPointerException().isThrownBy(() -> batcher.processAll(null));

        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void itWaitsForAllAndFailsWithTheFirstFailureInTheItemsOrder() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(2)) {
                        throw new IllegalStateException("of the first batch");
                    }
                    if (batch.contains(4)) {
                        throw new IllegalArgumentException("of the second batch");
                    }
                    return batch;
                })
                .maxBatchSize(2)
                .concurrency(3)
                .build();

        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(5, 6, 3, 4, 1, 2));
        hand.executor.runNext();
        hand.executor.runNext();
        assertThat(all).isNotDone();
        hand.executor.runNext();

        assertThat(ByHand.failure(all)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFirstFailureInTheItemsOrderCountsEvenIfItCameLast() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(2).maxQueueSize(2).build();

        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3, 4, 5));
        assertThat(all).isNotDone();
        batcher.stop(true);

        assertThat(ByHand.failure(all)).isInstanceOf(BatcherStoppedException.class);
    }

    @Test
    void rejectionIsPerItem() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(2).maxQueueSize(2).build();

        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3, 4, 5));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(3, 4));
        assertThat(ByHand.failure(all)).isInstanceOf(QueueFullException.class);
        assertThat(batcher.snapshot().rejections().get(RejectionReason.FULL)).isEqualTo(1);
    }

    @Test
    void cancellingItCancelsAll() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> neighbour = batcher.process(0);
        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3));

        all.cancel(false);

        assertThat(all.isCancelled()).isTrue();
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(0));
        assertThat(neighbour).isCompletedWithValue(0);
    }

    @Test
    void completingItByHandGivesThePlacesBackToo() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3));

        all.complete(List.of());

        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void nullResultsAreAllowed() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(
                        batch -> Arrays.asList(new Integer[batch.size()]))
                .build();

        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3, 4, 5));
        hand.executor.runAll();

        assertThat(all.join()).containsExactly(null, null, null, null, null);
    }

    @Tag("volume")
    @Test
    void aHundredThousandItemsNeedNoDeepStack() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).maxQueueSize(-1).build();

        CompletableFuture<List<Integer>> all =
                batcher.processAll(IntStream.range(0, 100_000).boxed().toList());
        hand.executor.runAll();

        assertThat(all.join()).hasSize(100_000);
    }

    @Test
    void theCollectionMayChangeAfterwards() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<Integer> items = new java.util.ArrayList<>(List.of(1, 2, 3, 4, 5));

        CompletableFuture<List<Integer>> all = batcher.processAll(items);
        items.clear();
        hand.executor.runAll();

        assertThat(all).isCompletedWithValue(List.of(2, 4, 6, 8, 10));
    }

    @Test
    void whoEndsItFirstIsTold() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<List<Integer>> completed = batcher.processAll(List.of(1, 2));
        CompletableFuture<List<Integer>> failed = batcher.processAll(List.of(3));
        CompletableFuture<List<Integer>> cancelled = batcher.processAll(List.of(4));

        assertThat(completed.complete(List.of())).isTrue();
        assertThat(completed.complete(List.of(7))).isFalse();
        assertThat(failed.completeExceptionally(new IllegalStateException())).isTrue();
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(failed.completeExceptionally(new IllegalArgumentException())).isFalse();
        assertThat(failed.cancel(false)).isFalse();
        assertThat(cancelled.cancel(false)).isTrue();

        assertThat(completed).isCompletedWithValue(List.of());
        assertThat(batcher.snapshot().queued()).isZero();
    }
}
