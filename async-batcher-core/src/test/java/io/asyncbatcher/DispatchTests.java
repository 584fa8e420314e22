package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a batch leaves the queue, and with which items. */
class DispatchTests {

    private final ByHand hand = new ByHand();

    private long dispatches(AsyncBatcher<?, ?> batcher, DispatchReason reason) {
        return batcher.snapshot().dispatches().get(reason);
    }

    @Test
    @DisplayName("Promise 3: a full batch never waits for a timer")
    void aFullBatchNeverWaitsForTheTimer() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ofDays(1)).build();

        ByHand.submit(batcher, 1, 4);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(5);

        assertThat(hand.executor.waiting()).isEqualTo(1);
        assertThat(dispatches(batcher, DispatchReason.FULL)).isEqualTo(1);
    }

    @Test
    @DisplayName("Promise 3: no item lingers longer than maxQueueTime from its own submission while a slot is free")
    void itemsThatTrickleInDontExtendTheLingerOfTheFirst() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        for (int item = 1; item <= 3; item++) {
            batcher.process(item);
            hand.time.advanceMillis(4);
        }

        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 2, 3));
        assertThat(dispatches(batcher, DispatchReason.LINGER)).isEqualTo(1);
    }

    @Test
    void theLingerEndsToTheNanosecond() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.process(1);

        hand.time.advance(ByHand.LINGER.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(Duration.ofNanos(1));

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    @DisplayName("Promise 3: while no slot is free, the batch goes on growing and is bound only when one comes free")
    void aWaitingBatchGrowsUntilASlotIsFree() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);

        batcher.process(6);
        hand.time.advanceMillis(100);
        batcher.process(7);
        hand.executor.runNext();

        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();
        assertThat(hand.batches).last().isEqualTo(List.of(6, 7));
    }

    @Test
    void anItemThatWasQueuedBehindBusySlotsLingersOnlyWhatIsLeftOfItsTime() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);
        batcher.process(6);
        hand.time.advanceMillis(7);
        hand.executor.runNext();

        hand.time.advanceMillis(2);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advanceMillis(1);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void theTimerOfABatchThatWentFullSendsNoOther() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.process(1);
        hand.pass(Duration.ofMillis(5));
        ByHand.submit(batcher, 2, 6);

        hand.pass(Duration.ofMillis(9)); // the linger of the first one would be over by now
        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5));
        hand.pass(Duration.ofMillis(1));

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6));
    }

    @Test
    void whatIsLeftBehindByAFullBatchLingersFromItsOwnSubmission() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 5);
        ByHand.submit(batcher, 6, 10);
        hand.time.advanceMillis(6);
        batcher.process(11);
        hand.executor.runNext();
        hand.executor.runNext();

        hand.time.advanceMillis(9);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advanceMillis(1);

        hand.executor.runAll();
        assertThat(hand.batches).last().isEqualTo(List.of(11));
    }

    @Test
    void aSlowBatchAfterQuickOnesMakesNobodyLingerLonger() {
        Deque<Long> slowness = new ArrayDeque<>(List.of(0L, 8L, 0L, 0L, 0L));
        List<Runnable> during = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    long millis = slowness.isEmpty() ? 0 : slowness.poll();
                    if (millis > 0) {
                        hand.time.advanceMillis(1);
                        during.forEach(Runnable::run);
                        hand.time.advanceMillis(millis - 1);
                    }
                    return ByHand.doubled(batch);
                })
                .build();
        ByHand.submit(batcher, 1, 5);
        hand.executor.runNext(); // quick
        ByHand.submit(batcher, 6, 10); // busy again
        ByHand.submit(batcher, 11, 11); // at 0
        during.add(() -> ByHand.submit(batcher, 12, 22)); // at 1
        hand.executor.runAll(); // 8 ms for the second batch
        assertThat(hand.batches).hasSize(4); // 11-15, 16-20 as well
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
        hand.pass(Duration.ofMillis(3)); // it is 11 now, they came at 1
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void withoutLingerAnItemLeavesAtOnceWhileASlotIsFree() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ZERO).build();

        batcher.process(1);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        ByHand.submit(batcher, 2, 3);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2, 3));
        assertThat(dispatches(batcher, DispatchReason.IDLE)).isEqualTo(2);
    }

    @Test
    @DisplayName("In the corners: a full queue dispatches at once, though maxQueueSize is below maxBatchSize")
    void aFullQueueDispatchesAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(100)
                .maxQueueSize(3)
                .maxQueueTime(Duration.ofDays(1))
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 3);

        assertThat(hand.executor.waiting()).isEqualTo(1);
        assertThat(dispatches(batcher, DispatchReason.FULL)).isEqualTo(1);
        hand.executor.runAll();
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void minusOneMeansNoLimitOfABatch() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(-1).maxQueueSize(-1).build();

        ByHand.submit(batcher, 1, 20_000);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        assertThat(hand.batches)
                .singleElement()
                .satisfies(batch -> assertThat(batch).hasSize(20_000));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void withoutAnyLimitOneBatchFollowsTheOther() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(-1).maxQueueSize(-1).concurrency(-1).build();

        for (int round = 0; round < 3; round++) {
            ByHand.submit(batcher, 1, 3);
            hand.pass(ByHand.LINGER);
        }

        assertThat(hand.batches).hasSize(3).containsOnly(List.of(1, 2, 3));
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void minusOneMeansNoLimitOfSlots() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).concurrency(-1).build();

        ByHand.submit(batcher, 1, 500);

        assertThat(hand.executor.waiting()).isEqualTo(500);
    }

    @Test
    @DisplayName("Promise 4: concurrency bounds the batches that run")
    void neverMoreBatchesThanSlots() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).concurrency(3).build();

        ByHand.submit(batcher, 1, 10);

        for (int left = 10; left > 0; left--) {
            assertThat(hand.executor.waiting()).isEqualTo(Math.min(3, left));
            assertThat(batcher.snapshot().activeBatches()).isEqualTo(Math.min(3, left));
            hand.executor.runNext();
        }
        assertThat(hand.executor.waiting()).isZero();
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

    @Test
    @DisplayName("Promise 5: items enter batches first in, first out")
    void itemsEnterBatchesFirstInFirstOut() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(7).concurrency(2).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, 999);
        for (int item = 0; item < 1_000; item += 13) {
            futures.get(item).cancel(false);
        }
        hand.executor.runAll();
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        List<Integer> order =
                hand.batches.stream().flatMap(List::stream).distinct().toList();
        assertThat(order).isSorted();
        assertThat(order)
                .containsAll(IntStream.range(0, 1_000)
                        .filter(item -> item % 13 != 0)
                        .boxed()
                        .toList());
    }

    @Test
    @DisplayName("Promise 10: only differences of nano-time count, also across its overflow")
    void theClocksOverflowChangesNothing() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        assertThat(hand.time.nanoTime()).isPositive();

        batcher.process(1);
        hand.time.advance(ByHand.LINGER);

        assertThat(hand.time.nanoTime()).isNegative();
        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void aPauseOfTheJvmMakesNoBatchTooLargeAndSettlesNothingTwice() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().concurrency(2).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        CompletableFuture<Integer> timed = batcher.process(9, Duration.ofSeconds(1));

        hand.time.advance(Duration.ofSeconds(5));
        hand.executor.runAll();

        assertThat(hand.batches).allMatch(batch -> batch.size() <= 5);
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10, 12, 14, 16);
        assertThat(ByHand.failure(timed)).isInstanceOf(ItemExpiredException.class);
        assertThat(hand.batches.stream().flatMap(List::stream)).doesNotHaveDuplicates();
    }

    @Test
    void aSnapshotShowsTheSizesOfTheLastBatches() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(100).build();

        for (int size = 1; size <= 40; size++) {
            ByHand.submit(batcher, 1, size);
            batcher.flush();
            hand.executor.runAll();
            assertThat(batcher.snapshot().recentBatchSizes())
                    .containsExactlyElementsOf(IntStream.rangeClosed(Math.max(1, size - 31), size)
                            .boxed()
                            .toList());
        }
    }
}
