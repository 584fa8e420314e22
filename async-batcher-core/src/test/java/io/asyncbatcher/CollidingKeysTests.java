package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.call.Distinct;
import io.asyncbatcher.internal.queue.PartitionIndex;
import io.asyncbatcher.internal.queue.PartitionQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and items of one hash code: whoever sends items may choose them so. */
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

    @Test
    void aForcedStopOfManyPartitionsOfOneHashCodeEnds() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(CollidingKeysTests::text).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void cancellingManyPartitionsOfOneHashCodeTakesNoStack() {
        AsyncBatcher<Integer, Integer> batcher =
                partitioned(CollidingKeysTests::text).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);

        futures.forEach(future -> future.cancel(false));

        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    /** What else a key of one hash code may be. */
    enum Kind {
        /** An order that agrees with equals. */
        ORDERED {
            @Override
            Object key(int i) {
                return text(i);
            }
        },
        /** No order. */
        UNORDERED {
            @Override
            Object key(int i) {
                record Plain(int number) {
                    @Override
                    public int hashCode() {
                        return 0;
                    }
                }
                return new Plain(i);
            }
        },
        /** All are equal by their order, none by equals. */
        TIED {
            @Override
            Object key(int i) {
                record Tied(int number) implements Comparable<Tied> {
                    @Override
                    public int compareTo(Tied other) {
                        return Integer.compare(number / 10, other.number / 10);
                    }

                    @Override
                    public int hashCode() {
                        return 0;
                    }
                }
                return new Tied(i);
            }
        },
        /** Lists of different classes that are equal, mixed with texts. */
        OF_SEVERAL_CLASSES {
            @Override
            Object key(int i) {
                List<Integer> list = List.of(31 * (i / 3) + 5, -31 * 31 * (i / 3));
                Object other = new ArrayList<>(list);
                return i % 3 == 0 ? String.valueOf((char) list.hashCode()) : COIN.nextBoolean() ? list : other;
            }
        };

        private static final Random COIN = new Random(1);

        abstract Object key(int i);
    }

    @ParameterizedTest
    @EnumSource
    void partitionsAreFoundAsAMapFindsThem(Kind kind) {
        PartitionIndex<Integer, Integer> partitions = new PartitionIndex<>();
        Map<Object, PartitionQueue<Integer, Integer>> known = new HashMap<>();
        Map<Object, Integer> items = new HashMap<>();
        Random random = new Random(2);

        for (int round = 0; round < 20_000; round++) {
            Object key = kind.key(random.nextInt(200));
            if (random.nextInt(round / 4_000 % 2 == 0 ? 3 : 1 + 10) < 2) {
                PartitionQueue<Integer, Integer> line = partitions.join(key);
                assertThat(known.putIfAbsent(key, line)).isIn(null, line);
                items.merge(key, 1, Integer::sum);
            } else if (items.containsKey(key)) {
                int left = items.merge(key, -1, Integer::sum);
                partitions.leave(known.get(key), 1);
                if (left == 0) {
                    items.remove(key);
                    known.remove(key);
                }
            }
        }
        items.forEach((key, left) -> partitions.leave(known.get(key), left));

        assertThat(partitions.kept()).isZero();
    }

    /** Of one hash code, with an order that costs a comparison and may throw. */
    private static final class Counted implements Comparable<Counted> {

        private static final AtomicLong COMPARISONS = new AtomicLong();

        private final int number;
        private final long throwsAt;

        Counted(int number, long throwsAt) {
            this.number = number;
            this.throwsAt = throwsAt;
        }

        @Override
        public int compareTo(Counted other) {
            if (COMPARISONS.incrementAndGet() == throwsAt) {
                throw new StackOverflowError("thrown by a test");
            }
            return Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Counted counted && counted.number == number;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @Test
    void keysInOrderAreFoundByFewComparisons() {
        PartitionIndex<Integer, Integer> partitions = new PartitionIndex<>();
        Counted.COMPARISONS.set(0);

        for (int i = 0; i < 10_000; i++) {
            partitions.join(new Counted(i, 0));
        }

        assertThat(Counted.COMPARISONS.get()).isLessThan(10_000 * 150);
    }

    @Test
    void toForgetALineComparesNoKeys() {
        PartitionIndex<Integer, Integer> partitions = new PartitionIndex<>();
        List<PartitionQueue<Integer, Integer>> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lines.add(partitions.join(new Counted(i, 0)));
        }
        Collections.shuffle(lines, new Random(3));
        Counted.COMPARISONS.set(0);

        lines.forEach(line -> partitions.leave(line, 1));

        assertThat(Counted.COMPARISONS.get()).isZero();
        assertThat(partitions.kept()).isZero();
    }

    @Test
    void anErrorInAComparisonFailsItsItemAndLeavesThePartitionsWhole() {
        for (int at = 1; at < 60; at++) {
            int throwsAt = at;
            ByHand own = new ByHand();
            AsyncBatcher<Integer, Integer> batcher = own.builder()
                    .concurrency(-1)
                    .partitionBy(item -> new Counted(item % 40, item < 40 ? 0 : throwsAt))
                    .build();
            List<CompletableFuture<Integer>> first = ByHand.submit(batcher, 0, 39);
            Counted.COMPARISONS.set(0);
            CompletableFuture<Integer> failing = batcher.process(40 + at % 40);
            Counted.COMPARISONS.set(Long.MIN_VALUE);
            List<CompletableFuture<Integer>> second = ByHand.submit(batcher, 80, 119);
            own.pass(ByHand.LINGER);

            assertThat(failing).isDone();
            assertThat(first).noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(second).noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(own.batches).hasSize(40);
            assertThat(batcher.stop(false)).isCompleted();
        }
    }

    /** Of few hash codes, which share a place in a small table and part in a greater one. */
    private record Crowded(int number, AtomicLong comparisonsLeft) implements Comparable<Crowded> {

        @Override
        public int compareTo(Crowded other) {
            if (comparisonsLeft.decrementAndGet() == 0) {
                throw new StackOverflowError("thrown by a test");
            }
            return Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Crowded crowded && crowded.number == number;
        }

        @Override
        public int hashCode() {
            return number % 2 == 0 ? number / 2 % 8 : 40 + ((number % 4 / 2) << 6);
        }
    }

    @Test
    void anErrorInAComparisonOfEqualItemsMergesNoDifferentOnes() {
        for (int comparisons = 1; comparisons < 3_000; comparisons++) {
            AtomicLong left = new AtomicLong(comparisons);
            List<Crowded> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                all.add(new Crowded(i * 37 % 200, left));
            }

            Distinct<Crowded> distinct = new Distinct<>(all);

            for (int i = 0; i < all.size(); i++) {
                if (distinct.position(i) == Distinct.NOWHERE) {
                    assertThat(distinct.failure(i)).isInstanceOf(StackOverflowError.class);
                } else {
                    assertThat(distinct.values().get(distinct.position(i))).isEqualTo(all.get(i));
                }
            }
        }
    }
}
