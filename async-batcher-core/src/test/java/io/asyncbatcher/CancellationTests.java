package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers do to their own futures. */
class CancellationTests {

    private final ByHand hand = new ByHand();

    static List<Consumer<CompletableFuture<Integer>>> endings() {
        return List.of(
                future -> future.cancel(true),
                future -> future.cancel(false),
                future -> future.complete(-1),
                future -> future.completeExceptionally(new IllegalStateException()),
                future -> future.obtrudeValue(-1),
                future -> future.obtrudeException(new IllegalStateException()),
                future -> future.completeAsync(() -> -1, Runnable::run));
    }

    @ParameterizedTest
    @MethodSource("endings")
    @DisplayName("Promise 6: an item that its caller ends gives its place back at once and is never dispatched")
    void aQueuedItemThatItsCallerEndsGivesItsPlaceBack(Consumer<CompletableFuture<Integer>> ending) {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().maxQueueSize(4).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 3);

        ending.accept(futures.get(1));

        assertThat(batcher.snapshot().queued()).isEqualTo(2);
        batcher.process(4);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 3, 4));
        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.get(2)).isCompletedWithValue(6);
    }

    @ParameterizedTest
    @MethodSource("endings")
    @DisplayName("Promise 2: what one caller does to its item in flight touches nobody else")
    void anItemInFlightThatItsCallerEndsTouchesNobody(Consumer<CompletableFuture<Integer>> ending) {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        List<ItemOutcome> outcomes = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    ending.accept(futures.get(2));
                    return ByHand.doubled(batch);
                })
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        outcomes.add(outcome);
                    }
                })
                .build();

        futures.addAll(ByHand.submit(batcher, 1, 5));
        hand.executor.runAll();

        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(futures.get(3)).isCompletedWithValue(8);
        assertThat(futures.get(2).isCompletedExceptionally() || futures.get(2).join() == -1)
                .isTrue();
        assertThat(outcomes).hasSize(5).containsOnlyOnce(ItemOutcome.CANCELLED);
        assertThat(batcher.snapshot().inFlight()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void continuationsOfTheOthersRunThoughAnItemInFlightIsCancelled() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    futures.get(2).cancel(false);
                    return ByHand.doubled(batch);
                })
                .build();
        futures.addAll(ByHand.submit(batcher, 1, 5));
        List<CompletableFuture<Integer>> continued = futures.stream()
                .map(future -> future.thenApply(result -> result + 1))
                .toList();

        hand.executor.runAll();

        assertThat(continued.get(2)).isCompletedExceptionally();
        for (int item : new int[] {1, 2, 4, 5}) {
            assertThat(continued.get(item - 1)).isCompletedWithValue(2 * item + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatIsDoneToASettledItemChangesNothingOfTheBatcher(Consumer<CompletableFuture<Integer>> ending) {
        List<ItemOutcome> outcomes = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        outcomes.add(outcome);
                    }
                })
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        futures.forEach(ending);

        assertThat(outcomes).hasSize(5).containsOnly(ItemOutcome.SUCCESS);
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.snapshot().inFlight()).isZero();
    }

    @Test
    void aFullQueueHasAPlaceAgainAfterACancel() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).maxQueueSize(2).build();
        batcher.process(0);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        assertThat(batcher.process(3)).isCompletedExceptionally();

        futures.get(0).cancel(false);

        assertThat(batcher.process(4)).isNotDone();
        assertThat(batcher.process(5)).isCompletedExceptionally();
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(0), List.of(2), List.of(4));
    }

    @Test
    void whenAllItemsOfABatchAreCancelledNoEmptyBatchIsProcessed() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> queued = ByHand.submit(batcher, 1, 4);
        queued.forEach(future -> future.cancel(false));
        hand.time.advance(ByHand.LINGER);
        assertThat(hand.executor.waiting()).isZero();

        List<CompletableFuture<Integer>> handedOver = ByHand.submit(batcher, 1, 5);
        handedOver.forEach(future -> future.cancel(false));
        hand.executor.runAll();

        assertThat(hand.batches).isEmpty();
        assertThat(batcher.snapshot().activeBatches()).isZero();
        ByHand.submit(batcher, 6, 10);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(6, 7, 8, 9, 10));
    }

    @Test
    void anItemThatIsCancelledBeforeItsBatchBeginsDoesNotReachTheProcessor() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        futures.get(2).cancel(false);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 4, 5));
        assertThat(futures.get(4)).isCompletedWithValue(10);
    }

    @Test
    void aCancelledItemIsCancelledForItsCaller() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> future = batcher.process(1);

        assertThat(future.cancel(false)).isTrue();

        assertThat(future.isCancelled()).isTrue();
        assertThat(ByHand.failure(future)).isInstanceOf(CancellationException.class);
    }

    @Test
    @DisplayName("In the corners: orTimeout and complete by the caller give the item's place back as cancel does")
    void orTimeoutGivesThePlaceBack() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        CompletableFuture<Integer> timed = batcher.process(1).orTimeout(1, TimeUnit.MILLISECONDS);
        CompletableFuture<Integer> completed = batcher.process(2).completeOnTimeout(-1, 1, TimeUnit.MILLISECONDS);

        ByHand.await(() -> timed.isDone() && completed.isDone());
        assertThat(ByHand.failure(timed)).isInstanceOf(TimeoutException.class);
        assertThat(completed).isCompletedWithValue(-1);
        assertThat(batcher.snapshot().queued()).isZero();
        hand.time.advance(Duration.ofSeconds(1));
        assertThat(hand.executor.waiting()).isZero();
    }

    @Test
    @DisplayName("Promise 7: a cancelled item's place is free before its continuations run")
    void thePlaceIsFreeBeforeContinuationsOfACancelledItemRun() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> future = batcher.process(1);
        List<Integer> queued = new ArrayList<>();
        future.whenComplete((result, failure) -> queued.add(batcher.snapshot().queued()));

        future.cancel(false);

        assertThat(queued).containsExactly(0);
    }

    @Tag("volume")
    @Test
    void aLongLivedItemAtTheHeadDoesNotKeepWhatIsCancelledBehindIt() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(-1).maxQueueSize(10).build();
        batcher.process(0);

        for (int item = 1; item < 30_000; item++) {
            batcher.process(item).cancel(false);
        }

        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        batcher.process(30_000);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(0, 30_000));
    }
}
