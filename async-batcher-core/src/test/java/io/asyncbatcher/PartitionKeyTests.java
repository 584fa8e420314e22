package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of partitions: whatever they are and do, they touch no other partition. */
@Timeout(30)
class PartitionKeyTests {

    private final ByHand hand = new ByHand();

    private AsyncBatcher.Builder<Integer, Integer> partitioned(Function<Integer, ?> key) {
        return hand.builder().partitionBy(key);
    }

    @Test
    void equalKeysAreOnePartition() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(item -> "key" + item / 100).build();

        List.of(1, 101, 2).forEach(batcher::process);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactlyInAnyOrder(List.of(1, 2), List.of(101));
    }

    @Test
    void aKeyThatIsNullOrThrownFailsThatItemAlone() {
        AsyncBatcher<Integer, Integer> batcher = partitioned(item -> switch (item) {
                    case 1 -> null;
                    case 2 -> throw new IllegalStateException("thrown by a test");
                    case 3 -> throw new StackOverflowError("thrown by a test");
                    default -> "key";
                })
                .maxQueueSize(2)
                .build();

        for (int item = 1; item <= 3; item++) {
            assertThat(batcher.process(item)).isCompletedExceptionally();
        }
        assertThat(batcher.snapshot().queued()).isZero();
        ByHand.submit(batcher, 4, 5);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches.stream().flatMap(List::stream)).containsExactly(4, 5);
        assertThat(batcher.stop(false)).isCompleted();
    }

    /** A key whose methods throw from some call on. */
    private static final class Hostile {

        private final boolean hashes;
        private int left;

        Hostile(boolean hashes, int left) {
            this.hashes = hashes;
            this.left = left;
        }

        private void turn() {
            if (left-- <= 0) {
                throw new AssertionError("thrown by a test");
            }
        }

        @Override
        public int hashCode() {
            if (hashes) {
                turn();
            }
            return 0;
        }

        @Override
        public boolean equals(Object other) {
            if (!hashes) {
                turn();
            }
            return this == other;
        }
    }

    /** Of the same hash as the hostile ones. */
    private record Friendly(int number) {
        @Override
        public int hashCode() {
            return 0;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysThatThrowAtAnyCallTouchNoOtherPartition(boolean hashes) {
        for (int calls = 0; calls < 12; calls++) {
            ByHand own = new ByHand();
            int turn = calls;
            Hostile hostile = new Hostile(hashes, turn);
            AsyncBatcher<Integer, Integer> batcher = own.builder()
                    .partitionBy(item -> item < 0 ? hostile : new Friendly(item / 100))
                    .build();

            List<CompletableFuture<Integer>> good = new ArrayList<>();
            List<CompletableFuture<Integer>> bad = new ArrayList<>();
            for (int round = 0; round < 4; round++) {
                good.add(batcher.process(round));
                bad.add(batcher.process(-1 - round));
                good.add(batcher.process(100 + round));
                if (round % 2 == 1) {
                    own.pass(ByHand.LINGER);
                }
            }
            bad.get(0).cancel(false);
            own.pass(ByHand.LINGER);
            CompletableFuture<Void> stopped = batcher.stop(false);
            own.pass(ByHand.LINGER);

            assertThat(good)
                    .as("%d calls", calls)
                    .extracting(CompletableFuture::join)
                    .containsExactly(0, 200, 2, 202, 4, 204, 6, 206);
            assertThat(bad).allMatch(CompletableFuture::isDone);
            assertThat(stopped).isCompleted();
            assertThat(batcher.snapshot().queued()).isZero();
        }
    }

    /** Never the same hash twice. */
    private static final class Unsteady {

        private int hash;

        @Override
        public int hashCode() {
            return hash++;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    @Test
    void aKeyThatChangesIsNobodysProblem() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(item -> new Unsteady()).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 20);
        futures.get(3).cancel(false);
        hand.pass(ByHand.LINGER);
        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(hand.batches).hasSize(19);
        assertThat(stopped).isCompleted();
    }

    @Test
    void theKeyIsAskedForOnceAnItemByTheSubmittingThread() {
        List<Thread> callers = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(2)
                .partitionBy(item -> {
                    callers.add(Thread.currentThread());
                    return item % 2;
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);
        batcher.close();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(callers).hasSize(7).containsOnly(Thread.currentThread());
    }

    @Test
    void aKeyFunctionThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxQueueTime(Duration.ZERO)
                .partitionBy(item -> {
                    if (item == 1) {
                        entered.countDown();
                        ByHand.await(released);
                    }
                    return "key";
                })
                .build();
        CompletableFuture<CompletableFuture<Integer>> blocked = ByHand.elsewhere(() -> batcher.process(1));
        assertThat(entered.await(10, SECONDS)).isTrue();

        assertThat(batcher.process(2).get(10, SECONDS)).isEqualTo(4);
        released.countDown();
        assertThat(blocked.get(10, SECONDS).get(10, SECONDS)).isEqualTo(2);
        batcher.close();
    }

    /** Blocks the thread that asks for its hash. */
    private static final class Slow {

        private final CountDownLatch entered;
        private final CountDownLatch released;

        Slow(CountDownLatch entered, CountDownLatch released) {
            this.entered = entered;
            this.released = released;
        }

        @Override
        public int hashCode() {
            entered.countDown();
            ByHand.await(released);
            return 0;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    @Test
    void aKeyWhoseHashBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Slow slow = new Slow(entered, released);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxQueueTime(Duration.ZERO)
                .partitionBy(item -> item == 1 ? slow : "key")
                .build();
        CompletableFuture<CompletableFuture<Integer>> blocked = ByHand.elsewhere(() -> batcher.process(1));
        assertThat(entered.await(10, SECONDS)).isTrue();

        try {
            CompletableFuture<Integer> other =
                    ByHand.elsewhere(() -> batcher.process(2)).get(10, SECONDS);
            assertThat(other.get(10, SECONDS)).isEqualTo(4);
        } finally {
            released.countDown();
        }
        assertThat(blocked.get(10, SECONDS).get(10, SECONDS)).isEqualTo(2);
        batcher.close();
    }
}
