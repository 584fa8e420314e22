package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.BatchLog;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches kept apart by key. Where nothing else is said the key of an item is its hundreds. */
@Timeout(30)
class PartitionTests {

    private final ByHand hand = new ByHand();
    private final List<WeakReference<Object>> keys = new ArrayList<>();
    private final BatchLog log = new BatchLog();

    private AsyncBatcher.Builder<Integer, Integer> partitioned(Function<Integer, ?> key) {
        return hand.builder().partitionBy(key).listener(log);
    }

    private AsyncBatcher.Builder<Integer, Integer> partitioned() {
        return partitioned(item -> item / 100);
    }

    private static void submit(AsyncBatcher<Integer, Integer> batcher, int... items) {
        for (int item : items) {
            batcher.process(item);
        }
    }

    @Test
    void itemsOfDifferentPartitionsShareNoBatch() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().build();

        submit(batcher, 1, 101, 2, 201, 102);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactlyInAnyOrder(List.of(1, 2), List.of(101, 102), List.of(201));
    }

    @Test
    void aFullPartitionGoesAtOnceAndAlone() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().build();

        submit(batcher, 1, 101, 2, 102, 3, 103, 4, 104);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(105);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(101, 102, 103, 104, 105));
        assertThat(batcher.snapshot().queued()).isEqualTo(4);
    }

    @Test
    void everyPartitionLingersOnItsOwn() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().concurrency(-1).build();

        batcher.process(1);
        hand.time.advanceMillis(4);
        batcher.process(101);
        hand.time.advanceMillis(3);
        batcher.process(2);
        hand.time.advanceMillis(3);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 2));
        hand.time.advanceMillis(4);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(101));
        assertThat(log.dispatched()).extracting(BatchLog.Dispatched::reason).containsOnly(DispatchReason.LINGER);
    }

    @Test
    void partitionsTakeTurns() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().maxBatchSize(1).build();

        submit(batcher, 1, 2, 3, 4, 101, 102, 103, 201);
        hand.executor.runAll();

        assertThat(hand.batches.subList(1, 4))
                .as("between two batches of a partition every other that is ready has its turn")
                .extracting(batch -> batch.get(0) / 100)
                .containsExactlyInAnyOrder(0, 1, 2);
        assertThat(hand.batches.subList(4, 6))
                .extracting(batch -> batch.get(0) / 100)
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aHotPartitionStarvesNobody() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().build();
        ByHand.submit(batcher, 1, 20);
        CompletableFuture<Integer> cold = batcher.process(101);
        CompletableFuture<Integer> colder = batcher.process(201);
        hand.time.advance(ByHand.LINGER);

        for (int turn = 0; turn < 4; turn++) {
            hand.executor.runNext();
            ByHand.submit(batcher, 30 + 5 * turn, 34 + 5 * turn);
        }

        assertThat(cold).isCompletedWithValue(202);
        assertThat(colder).isCompletedWithValue(402);
    }

    @Test
    void oneThatFailsTouchesNoOther() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.get(0) < 100) {
                        throw new IllegalStateException();
                    }
                    return ByHand.doubled(batch);
                })
                .partitionBy(item -> item / 100)
                .build();

        CompletableFuture<Integer> failed = batcher.process(1);
        CompletableFuture<Integer> good = batcher.process(101);
        hand.pass(ByHand.LINGER);

        assertThat(ByHand.failure(failed)).isInstanceOf(IllegalStateException.class);
        assertThat(good).isCompletedWithValue(202);
    }

    @Test
    void slotsAreShared() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned().maxBatchSize(1).concurrency(2).build();

        submit(batcher, 1, 101, 201);
        assertThat(hand.executor.waiting()).isEqualTo(2);
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        hand.executor.runNext();

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void placesAreShared() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().maxQueueSize(3).build();
        batcher.pause();

        submit(batcher, 1, 101, 201);

        assertThat(ByHand.failure(batcher.process(301))).isInstanceOf(QueueFullException.class);
        assertThat(ByHand.failure(batcher.process(2))).isInstanceOf(QueueFullException.class);
        assertThat(batcher.snapshot().queued()).isEqualTo(3);
    }

    @Test
    void aFullQueueDispatchesAtOnceThoughNoPartitionIsFull() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().maxQueueSize(3).build();

        submit(batcher, 1, 101);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(201);

        assertThat(hand.executor.waiting()).isEqualTo(1);
        assertThat(batcher.process(301)).isNotDone();
    }

    @Test
    void withinAPartitionTheFirstInIsTheFirstOut() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(item -> item % 7).maxBatchSize(3).concurrency(2).build();

        ByHand.submit(batcher, 1, 500);
        hand.pass(ByHand.LINGER);

        for (int key = 0; key < 7; key++) {
            int rest = key;
            assertThat(hand.batches.stream()
                            .filter(batch -> batch.get(0) % 7 == rest)
                            .flatMap(List::stream))
                    .isSorted()
                    .allMatch(item -> item % 7 == rest)
                    .hasSizeGreaterThanOrEqualTo(71);
        }
        assertThat(hand.batches).allMatch(batch -> batch.size() <= 3);
    }

    private Object newKey() {
        Object key = new Object();
        keys.add(new WeakReference<>(key));
        return key;
    }

    private void awaitForgottenKeys() {
        ByHand.await(() -> {
            System.gc();
            return keys.stream().filter(key -> key.get() != null).count() <= 16;
        });
    }

    @Tag("volume")
    @Test
    void anEmptyPartitionIsForgotten() {
        AsyncBatcher<Integer, Integer> batcher = partitioned(item -> newKey()).build();

        for (int item = 0; item < 4_000; item += 4) {
            batcher.process(item);
            batcher.process(item + 1).cancel(false);
            batcher.process(item + 2, Duration.ofMillis(3));
            hand.time.advanceMillis(4);
            batcher.process(item + 3);
            hand.pass(ByHand.LINGER);
        }

        assertThat(batcher.snapshot().queued()).isZero();
        batcher.process(4_000);
        hand.pass(ByHand.LINGER);
        awaitForgottenKeys();
        assertThat(keys).hasSize(4_001);
    }

    @Test
    void whatAForcedStopEmptiesIsForgotten() {
        AsyncBatcher<Integer, Integer> batcher = partitioned(item -> newKey()).build();
        ByHand.submit(batcher, 1, 1_000);

        batcher.stop(true);
        batcher.start();
        batcher.process(1_001);
        hand.pass(ByHand.LINGER);

        awaitForgottenKeys();
        assertThat(batcher.isRunning()).isTrue();
    }

    @Tag("volume")
    @Test
    void whatIsCancelledInAPauseIsForgotten() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(item -> newKey()).maxQueueTime(Duration.ZERO).build();
        batcher.pause();

        for (int item = 0; item < 1_000; item++) {
            batcher.process(item).cancel(false);
        }

        assertThat(batcher.snapshot().queued()).isZero();
        awaitForgottenKeys();
        assertThat(keys).hasSize(1_000);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void whatIsRejectedIsForgotten() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(item -> newKey()).maxQueueSize(1).build();
        batcher.pause();
        batcher.process(0);

        for (int item = 1; item <= 1_000; item++) {
            assertThat(ByHand.failure(batcher.process(item))).isInstanceOf(QueueFullException.class);
        }

        awaitForgottenKeys();
        assertThat(keys).hasSize(1_001);
        assertThat(batcher.stop(true)).isCompleted();
    }

    @Test
    void whatIsTriedAgainIsForgotten() {
        Object[] key = new Object[1];
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO)
                .maxBatchSize(2)
                .partitionBy(item -> key[0])
                .build();

        for (int round = 0; round < 100; round++) {
            key[0] = newKey();
            hand.tries.clear();
            ByHand.submit(batcher, -1, 0); // the first is tried again
            hand.pass(ByHand.LINGER);
        }

        assertThat(hand.batches).hasSize(200);
        awaitForgottenKeys();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void manyPartitionsHaveOneAlarm() {
        AsyncBatcher<Integer, Integer> batcher = partitioned(item -> item).build();

        for (int item = 0; item < 50; item++) {
            batcher.process(item);
            hand.time.advance(Duration.ofNanos(100));
        }
        assertThat(hand.time.alarms()).isEqualTo(1);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).hasSize(50);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void flushCoversEveryPartition() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().build();
        submit(batcher, 1, 101, 201);

        batcher.flush();
        batcher.process(2);
        hand.executor.runAll();

        Set<Integer> sent = new HashSet<>();
        hand.batches.forEach(sent::addAll);
        assertThat(sent).contains(1, 101, 201);
        batcher.process(102);
        hand.executor.runAll();
        assertThat(hand.batches).noneMatch(batch -> batch.contains(102));
    }

    @Test
    void aPauseHoldsEveryPartitionAndItsEndSendsWhatIsDue() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().concurrency(-1).build();
        batcher.pause();
        submit(batcher, 1, 101);
        hand.time.advance(ByHand.LINGER);
        submit(batcher, 201);
        assertThat(hand.executor.waiting()).isZero();

        batcher.resume();
        hand.executor.runAll();

        assertThat(hand.batches).containsExactlyInAnyOrder(List.of(1), List.of(101));
    }

    @Test
    void aGracefulStopProcessesEveryPartition() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().build();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int item = 0; item < 2_000; item += 30) {
            futures.add(batcher.process(item));
        }

        CompletableFuture<Void> stopped = batcher.stop(false);
        assertThat(stopped).isNotDone();
        hand.executor.runAll();

        assertThat(stopped).isCompleted();
        assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(hand.batches).allMatch(batch -> batch.stream().allMatch(item -> item / 100 == batch.get(0) / 100));
    }

    @Test
    void aForcedStopFailsEveryPartition() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().build();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int item = 0; item < 2_000; item += 30) {
            futures.add(batcher.process(item));
        }

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures)
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatcherStoppedException stopped && !stopped.mayHaveRun());
        assertThat(batcher.snapshot().queued()).isZero();
        hand.executor.runAll();
        assertThat(hand.batches).isEmpty();
    }

    @Test
    void aBlockedSubmitterGetsThePlaceThatAnotherPartitionGivesBack() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = partitioned()
                .maxQueueSize(2)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofDays(1))
                .build();
        batcher.pause();
        CompletableFuture<Integer> first = batcher.process(1);
        batcher.process(101);
        CompletableFuture<CompletableFuture<Integer>> blocked = ByHand.elsewhere(() -> batcher.process(201));

        assertThat(blocked).isNotDone();
        first.cancel(false);

        assertThat(blocked.get(10, SECONDS)).isNotDone();
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
        assertThat(batcher.stop(true)).isCompleted();
    }

    @Test
    void aSmallerBatchSizeSendsEveryPartitionThatIsFullNow() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().concurrency(-1).build();
        submit(batcher, 1, 2, 101, 102, 201);

        batcher.reconfigure(options -> options.withMaxBatchSize(2));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactlyInAnyOrder(List.of(1, 2), List.of(101, 102));
    }

    @Test
    void aDelayedRetryThatFillsTheQueueSendsAPartitionThatWaits() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ofMillis(50))
                .partitionBy(item -> item)
                .maxQueueSize(2)
                .concurrency(1)
                .build();
        batcher.process(-1);
        hand.time.advance(ByHand.LINGER);
        batcher.process(8);
        assertThat(hand.executor.waiting()).isEqualTo(1);

        hand.executor.runNext();
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(-1), List.of(8));
    }

    @Test
    void aFlushSendsPartitionsInTheOrderInWhichTheyWait() {
        AsyncBatcher<Integer, Integer> batcher = partitioned().concurrency(1).build();
        submit(batcher, 300, 100, 200);

        batcher.flush();
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(300), List.of(100), List.of(200));
    }

    @Test
    void aShorterLingerHoldsForEveryPartition() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned().maxQueueTime(Duration.ofMillis(10)).build();
        submit(batcher, 1, 101);

        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ofMillis(4)));
        hand.time.advanceMillis(3);
        hand.executor.runAll();
        assertThat(hand.batches).isEmpty();
        hand.time.advanceMillis(1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactlyInAnyOrder(List.of(1), List.of(101));
    }

    @Test
    void aShorterLingerHoldsForEveryPartitionOnAnyClock() {
        hand.skipToBeforeZero();
        aShorterLingerHoldsForEveryPartition();
    }
}
