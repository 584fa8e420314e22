package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Partitions whose keys have one hash code: whoever sends items may choose them so. */
@Timeout(30)
class CollidingKeysTests {

    private static final int MANY = 1 << 16;

    private final ByHand hand = new ByHand();

    /** The i-th of 65,536 texts of one hash code. */
    private static String text(int i) {
        StringBuilder text = new StringBuilder(32);
        for (int bit = 0; bit < 16; bit++) {
            text.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    private AsyncBatcher.Builder<Integer, Integer> partitioned(Function<Integer, ?> key) {
        return hand.builder().maxQueueSize(-1).concurrency(-1).partitionBy(key);
    }

    @Tag("volume")
    @Test
    void manyPartitionsOfOneHashCodeAreQueuedAndForgottenInTime() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(item -> item < 0 ? "another" : text(item)).build();

        CompletableFuture<Integer> before = batcher.process(-1);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        CompletableFuture<Integer> after = batcher.process(-2);
        hand.pass(ByHand.LINGER);

        assertThat(before).isCompletedWithValue(-2);
        assertThat(after).isCompletedWithValue(-4);
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(hand.batches).hasSize(MANY + 1);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Tag("volume")
    @Test
    void aForcedStopOfManyPartitionsOfOneHashCodeEnds() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(CollidingKeysTests::text).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Tag("volume")
    @Test
    void cancellingManyPartitionsOfOneHashCodeTakesNoStack() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(CollidingKeysTests::text).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);

        futures.forEach(future -> future.cancel(false));

        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    /** Of one hash code, with an order that fails at one of all comparisons. */
    private record Failing(int number, long failsAt) implements Comparable<Failing> {

        private static final AtomicLong COMPARISONS = new AtomicLong();

        @Override
        public int compareTo(Failing other) {
            if (COMPARISONS.incrementAndGet() == failsAt) {
                throw new StackOverflowError("thrown by a test");
            }
            return Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Failing failing && failing.number == number;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @Test
    void anErrorInAComparisonFailsItsItemAndLeavesThePartitionsWhole() {
        for (int at = 1; at < 60; at++) {
            int throwsAt = at;
            ByHand own = new ByHand();
            AsyncBatcher<Integer, Integer> batcher = own.builder()
                    .concurrency(-1)
                    .partitionBy(item -> new Failing(item % 40, item < 40 ? 0 : throwsAt))
                    .build();
            List<CompletableFuture<Integer>> first = ByHand.submit(batcher, 0, 39);
            Failing.COMPARISONS.set(0);
            CompletableFuture<Integer> failing = batcher.process(40 + at % 40);
            Failing.COMPARISONS.set(Long.MIN_VALUE);
            List<CompletableFuture<Integer>> second = ByHand.submit(batcher, 80, 119);
            own.pass(ByHand.LINGER);

            assertThat(failing).isDone();
            assertThat(first).noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(second).noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(own.batches).hasSize(40);
            assertThat(batcher.stop(false)).isCompleted();
        }
    }
}
