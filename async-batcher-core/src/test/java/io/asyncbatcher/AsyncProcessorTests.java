package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncProcessorTests {

    private final ByHand hand = new ByHand();
    private final List<CompletableFuture<List<Integer>>> stages = new ArrayList<>();

    private AsyncBatcher.Builder<Integer, Integer> builder(AsyncBatchProcessor<Integer, Integer> processor) {
        return AsyncBatcher.asyncBuilder(processor)
                .maxBatchSize(2)
                .time(hand.time)
                .executor(hand.executor);
    }

    private CompletionStage<List<Integer>> begin(List<Integer> batch) {
        CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
        stages.add(stage);
        return stage;
    }

    @Test
    @DisplayName("Promise 4: the slot is held until the stage ends")
    void theSlotIsHeldUntilTheStageEnds() {
        AsyncBatcher<Integer, Integer> batcher = builder(this::begin).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);

        hand.executor.runAll();
        assertThat(stages).hasSize(1);
        assertThat(futures).noneMatch(CompletableFuture::isDone);
        stages.get(0).complete(List.of(10, 20));
        hand.executor.runAll();

        assertThat(futures.get(0)).isCompletedWithValue(10);
        assertThat(futures.get(1)).isCompletedWithValue(20);
        assertThat(stages).hasSize(2);
    }

    @Test
    @DisplayName("Promise 4: a batch whose items are all cancelled holds its slot until its stage ends")
    void cancellingAllItemsDoesNotFreeTheSlot() {
        AsyncBatcher<Integer, Integer> batcher = builder(this::begin).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        futures.get(0).cancel(true);
        futures.get(1).cancel(true);
        hand.executor.runAll();
        assertThat(stages).hasSize(1);
        stages.get(0).complete(List.of(10, 20));
        hand.executor.runAll();

        assertThat(stages).hasSize(2);
    }

    @Test
    void aFailedStageFailsItsItemsWithThePeeledCause() {
        IllegalStateException cause = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = builder(batch -> CompletableFuture.failedFuture(
                        new CompletionException(new ExecutionException(new CompletionException(cause)))))
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).containsOnly(cause);
    }

    @Test
    void aNullStageOrNullListBreaksTheContract() {
        for (CompletionStage<List<Integer>> stage :
                java.util.Arrays.asList(null, CompletableFuture.<List<Integer>>completedFuture(null))) {
            AsyncBatcher<Integer, Integer> batcher = builder(batch -> stage).build();

            List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
            hand.executor.runAll();

            assertThat(futures).extracting(ByHand::failure).hasOnlyElementsOfType(BatchResultException.class);
        }
    }

    @Test
    void aThrowInsteadOfAStageFailsItsItems() {
        StackOverflowError thrown = new StackOverflowError();
        AsyncBatcher<Integer, Integer> batcher = builder(batch -> {
                    throw thrown;
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).containsOnly(thrown);
    }

    @Test
    void aCancelledStageIsToldApartFromACallersCancel() {
        AsyncBatcher<Integer, Integer> batcher = builder(this::begin).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();

        stages.get(0).cancel(true);

        assertThat(futures).noneMatch(CompletableFuture::isCancelled);
        assertThat(futures)
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(BatchAbortedException.class)
                        .hasCauseInstanceOf(CancellationException.class));
    }

    @Test
    void aStageThatEndsAfterAForcedStopGivesItsSlotBackAndNothingElse() {
        AsyncBatcher<Integer, Integer> batcher = builder(this::begin).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();
        assertThat(batcher.stop(true)).isCompleted();
        assertThat(batcher.snapshot().abandonedBatches()).isEqualTo(1);
        batcher.start();
        List<CompletableFuture<Integer>> later = ByHand.submit(batcher, 3, 4);
        assertThat(hand.executor.waiting()).isZero();

        stages.get(0).complete(List.of(10, 20));

        assertThat(futures).extracting(ByHand::failure).hasOnlyElementsOfType(BatchAbortedException.class);
        assertThat(batcher.snapshot().abandonedBatches()).isZero();
        hand.executor.runAll();
        stages.get(1).complete(List.of(30, 40));
        assertThat(later).extracting(CompletableFuture::join).containsExactly(30, 40);
    }

    @Test
    void aContinuationIsInsideTheBatcherOnTheThreadThatEndsTheStage() {
        AsyncBatcher<Integer, Integer> batcher = builder(this::begin).build();
        CompletableFuture<Boolean> inside = batcher.process(1).thenApply(result -> batcher.isInside());
        batcher.process(2);
        hand.executor.runAll();

        stages.get(0).complete(List.of(10, 20));

        assertThat(inside).isCompletedWithValue(true);
        assertThat(batcher.isInside()).isFalse();
    }

    @Test
    void theStagesOfKeyedAndConsumingFunctionsAreReadLikeTheOthers() {
        AsyncBatcher<Integer, Integer> keyed = builder(AsyncBatchProcessor.keyed(batch -> {
                    Map<Integer, Integer> results = new HashMap<>();
                    batch.forEach(item -> results.put(item, 3 * item));
                    return CompletableFuture.completedFuture(results);
                }))
                .build();
        AsyncBatcher<Integer, Void> consuming = AsyncBatcher.<Integer, Void>asyncBuilder(
                        AsyncBatchProcessor.consuming(batch -> CompletableFuture.completedFuture("ignored")))
                .maxBatchSize(1)
                .executor(hand.executor)
                .build();

        List<CompletableFuture<Integer>> tripled = ByHand.submit(keyed, 1, 2);
        CompletableFuture<Void> consumed = consuming.process(1);
        hand.executor.runAll();

        assertThat(tripled).extracting(CompletableFuture::join).containsExactly(3, 6);
        assertThat(consumed).isCompletedWithValue(null);
    }

    @Tag("volume")
    @Test
    void aMillionBatchesOfCompleteStagesOnTheCallersThreadNeedNoDeepStack() {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(
                        CompletableFuture::completedFuture)
                .maxBatchSize(1)
                .maxQueueSize(-1)
                .executor(Runnable::run)
                .build();
        batcher.pause();
        for (int item = 0; item < 1_000_000; item++) {
            batcher.process(item);
        }

        batcher.resume();

        assertThat(batcher.snapshot().dispatches().get(DispatchReason.FULL)).isEqualTo(1_000_000);
        assertThat(batcher.snapshot().queued()).isZero();
    }
}
