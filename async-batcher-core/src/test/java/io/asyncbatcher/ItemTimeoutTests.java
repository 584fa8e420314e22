package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The timeout that a caller gives to an item of its own. */
class ItemTimeoutTests {

    private final ByHand hand = new ByHand();

    private static void assertExpired(CompletableFuture<?> future, boolean mayHaveRun) {
        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isEqualTo(mayHaveRun))
                .hasMessageEndingWith(mayHaveRun ? "it was in flight and may have run" : "it has not run");
    }

    @Test
    @DisplayName("In the corners: a timeout of zero or less fails at once")
    void aTimeoutOfZeroOrLessFailsAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        assertExpired(batcher.process(1, Duration.ZERO), false);
        assertExpired(batcher.process(1, Duration.ofNanos(-1)), false);
        assertExpired(batcher.process(1, Duration.ofSeconds(Long.MIN_VALUE)), false);

        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void aVeryLongTimeoutNeverExpires() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        CompletableFuture<Integer> future = batcher.process(1, Duration.ofSeconds(Long.MAX_VALUE));
        hand.time.advance(Duration.ofDays(1));
        hand.executor.runAll();

        assertThat(future).isCompletedWithValue(2);
    }

    @Test
    @DisplayName("Promise 6: an expired item gives its place back at once and is never dispatched")
    void anItemThatExpiresInTheQueueIsNeverDispatched() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> first = batcher.process(1);
        CompletableFuture<Integer> timed = batcher.process(2, Duration.ofMillis(3));

        hand.time.advanceMillis(3);

        assertExpired(timed, false);
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1));
        assertThat(first).isCompletedWithValue(2);
    }

    @Test
    void anItemWhoseTimeIsOverIsNotDispatchedThoughTheAlarmIsLate() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).concurrency(1).build();
        batcher.process(1);
        CompletableFuture<Integer> late = batcher.process(2, Duration.ofSeconds(1));

        hand.time.skip(Duration.ofSeconds(5));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1));
        assertExpired(late, false);
    }

    @Test
    void anItemExpiresToTheNanosecond() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> timed = batcher.process(2, Duration.ofNanos(1_000));

        hand.time.advance(Duration.ofNanos(999));
        assertThat(timed).isNotDone();
        hand.time.advance(Duration.ofNanos(1));

        assertExpired(timed, false);
    }

    @Test
    @DisplayName("In the corners: an item that expires in flight is settled, and its late result dropped")
    void anItemThatExpiresInFlightMayHaveRun() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    hand.time.advanceMillis(5);
                    return ByHand.doubled(batch);
                })
                .build();
        List<CompletableFuture<Integer>> others = ByHand.submit(batcher, 1, 4);
        CompletableFuture<Integer> timed = batcher.process(5, Duration.ofMillis(5));

        hand.executor.runAll();

        assertExpired(timed, true);
        assertThat(others).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8);
    }

    @Test
    @DisplayName("Promise 4: a batch whose items all expired holds its slot until its processor returned")
    void expiryInFlightDoesNotFreeTheSlot() {
        List<CompletableFuture<List<Integer>>> stages = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                })
                .maxBatchSize(1)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<Integer> timed = batcher.process(1, Duration.ofMillis(5));
        hand.executor.runAll();

        hand.time.advanceMillis(5);
        batcher.process(2);

        assertExpired(timed, true);
        assertThat(hand.executor.waiting()).isZero();
        assertThat(batcher.snapshot().activeBatches() + batcher.snapshot().abandonedBatches())
                .isEqualTo(1);
        stages.get(0).complete(List.of(1));
        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    @DisplayName("Promise 1: with a timeout nothing waits forever, even if the executor drops its batch")
    void anExecutorThatDropsItsBatchCannotKeepATimedItem() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).executor(task -> {}).build();

        CompletableFuture<Integer> inBatch = batcher.process(1, Duration.ofMillis(5));
        CompletableFuture<Integer> queued = batcher.process(2, Duration.ofMillis(5));
        hand.time.advanceMillis(5);

        assertExpired(inBatch, false);
        assertExpired(queued, false);
    }

    @Test
    void anItemThatExpiredBeforeItsBatchBeganHasNotRunThoughAForcedStopFollows() {
        HandRunExecutor completionExecutor = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().completionExecutor(completionExecutor).build();
        CompletableFuture<Integer> timed = batcher.process(1, Duration.ofMillis(5));
        batcher.flush();
        hand.time.advanceMillis(5);

        batcher.stop(true);
        completionExecutor.runAll();

        assertExpired(timed, false);
    }

    @Test
    void anItemThatIsProcessedInTimeLeavesNoAlarmBehind() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        for (int item = 0; item < 1_000; item++) {
            batcher.process(item, Duration.ofSeconds(1));
        }
        hand.executor.runAll();

        assertThat(hand.time.alarms()).isLessThanOrEqualTo(1);
        batcher.stop(false);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aLongTimeoutThatIsNotNeededAnyMoreLeavesNoAlarm() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ZERO).build();
        batcher.process(1, Duration.ofHours(1));

        hand.executor.runAll();

        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void itemsAndTimeoutsMustNotBeNull() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();

        assertThatNullPointerException().isThrownBy(() -> batcher.process(null));
        assertThatNullPointerException().isThrownBy(() -> batcher.process(null, Duration.ofSeconds(1)));
        assertThatNullPointerException().isThrownBy(() -> batcher.process(1, null));
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void aStoppedBatcherRejectsATimedItemAsStopped() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.stop(false);

        assertThat(ByHand.failure(batcher.process(1, Duration.ofSeconds(1))))
                .isInstanceOf(BatcherStoppedException.class);
    }
}
