package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What any policy that learns has to keep. */
@Timeout(30)
class AdaptiveDispatchTests {

    private final ByHand hand = new ByHand();

    private AsyncBatcher.Builder<Integer, Integer> adaptive(long processorMillis) {
        return hand.builder(batch -> {
                    hand.time.advanceMillis(processorMillis);
                    return ByHand.doubled(batch);
                })
                .dispatch(DispatchMode.ADAPTIVE);
    }

    @Test
    void aLoneSequentialCallerGoesAtOnceFromTheBeginning() {
        AsyncBatcher<Integer, Integer> batcher = adaptive(3).build();

        for (int item = 0; item < 50; item++) {
            CompletableFuture<Integer> future = batcher.process(item);
            assertThat(hand.executor.waiting()).as("item %d", item).isEqualTo(1);
            hand.executor.runAll();
            assertThat(future).isCompletedWithValue(2 * item);
        }
        assertThat(batcher.snapshot().dispatches())
                .containsEntry(DispatchReason.IDLE, 50L)
                .containsEntry(DispatchReason.LINGER, 0L);
    }

    @Test
    void aFullBatchGoesAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = adaptive(1).concurrency(-1).build();

        for (int round = 0; round < 20; round++) {
            batcher.pause();
            ByHand.submit(batcher, 10 * round, 10 * round + 4);
            batcher.resume();
            assertThat(batcher.snapshot().queued()).isZero(); // slots may share it
            hand.executor.runAll();
        }
    }

    @Tag("volume")
    @Test
    void nobodyLingersLongerThanTheLimitWhileASlotIsFree() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            ByHand own = new ByHand();
            AsyncBatcher<Integer, Integer> batcher = own.builder()
                    .dispatch(DispatchMode.ADAPTIVE)
                    .maxBatchSize(20)
                    .concurrency(-1)
                    .build();
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            List<Long> submitted = new ArrayList<>();
            int burst = 1 + random.nextInt(6);
            for (int milli = 0; milli < 300; milli++) {
                for (int i = random.nextInt(burst); i > 0; i--) {
                    futures.add(batcher.process(futures.size()));
                    submitted.add(own.time.nanoTime());
                }
                own.time.advanceMillis(1);
                own.executor.runAll();
                for (int item = 0; item < futures.size(); item++) {
                    if (own.time.nanoTime() - submitted.get(item) >= ByHand.LINGER.toNanos()) {
                        assertThat(futures.get(item))
                                .as("seed %d, %d", seed, item)
                                .isDone();
                    }
                }
            }
            batcher.stop(false);
            own.executor.runAll();
            assertThat(futures).allMatch(CompletableFuture::isDone);
            assertThat(own.time.alarms()).isZero();
        }
    }

    @Test
    void whatArrivesDuringABatchIsNotTakenForWhatFollowsIt() {
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        self.add(hand.builder(batch -> {
                    hand.time.advanceMillis(3);
                    ByHand.submit(self.get(0), 1, batch.size() == 1 ? 2 : 1);
                    hand.time.advanceMillis(1);
                    return ByHand.doubled(batch);
                })
                .dispatch(DispatchMode.ADAPTIVE)
                .build());
        self.get(0).process(0);

        for (int round = 0; round < 500; round++) {
            assertThat(hand.executor.waiting()).as("round %d", round).isEqualTo(1);
            hand.executor.runNext();
        }
    }

    @Test
    void withoutLingerItNeverLingers() {
        AsyncBatcher<Integer, Integer> batcher =
                adaptive(2).maxQueueTime(Duration.ZERO).concurrency(-1).build();

        for (int item = 0; item < 100; item++) {
            batcher.process(item);
            assertThat(hand.executor.waiting()).isEqualTo(1);
            hand.executor.runAll();
            hand.time.advanceMillis(item % 3);
        }
    }

    @Test
    void whileTheSlotIsBusyABatchGrows() {
        AsyncBatcher<Integer, Integer> batcher = adaptive(1).build();
        batcher.process(1);

        ByHand.submit(batcher, 2, 6);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2, 3, 4, 5, 6));
    }

    @Test
    void aPartitionThatWaitedForASlotGoesWhenOneIsFree() {
        AsyncBatcher<Integer, Integer> batcher =
                adaptive(0).concurrency(1).partitionBy(item -> item / 100).build();
        batcher.process(1);
        batcher.process(101);
        assertThat(hand.executor.waiting()).isEqualTo(1);

        hand.executor.runNext();

        assertThat(hand.executor.waiting()).isEqualTo(1); // no time has passed
    }

    /** A batch of another partition is full whenever the slot is free, and its callers make lingering worth while. */
    @Test
    void aPartitionThatLingersIsNotKeptOutByAnother() {
        Duration call = Duration.ofMillis(4);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    CompletableFuture<List<Integer>> results = new CompletableFuture<>();
                    hand.time.schedule(() -> results.complete(batch), call.toNanos());
                    return results;
                })
                .dispatch(DispatchMode.ADAPTIVE)
                .concurrency(1)
                .maxBatchSize(5)
                .partitionBy(item -> item > 0)
                .executor(Runnable::run)
                .time(hand.time)
                .build();
        ByHand.submit(batcher, 1, 10);
        arriveEvenly(batcher, call, 200);

        CompletableFuture<Integer> lone = batcher.process(-1);
        arriveEvenly(batcher, call, 5);

        assertThat(lone).isDone();
    }

    /** As many items as the one slot can do. */
    private void arriveEvenly(AsyncBatcher<Integer, Integer> batcher, Duration call, int calls) {
        for (int item = 1; item <= 5 * calls; item++) {
            batcher.process(item);
            hand.time.advance(call.dividedBy(5));
        }
    }
}
