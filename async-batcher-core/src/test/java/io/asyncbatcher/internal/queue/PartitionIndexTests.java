package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionIndexTests {

    private static final int THREADS = 3;
    private static final int ROUNDS = Integer.getInteger("races", 100_000);
    private final PartitionIndex<Integer, Integer> partitions = new PartitionIndex<>();

    /** Equal by name, and all of one hash code. */
    private record Key(String name) {
        @Override
        public int hashCode() {
            return 7;
        }
    }

    @Test
    void equalKeysShareALineAndOthersDont() {
        PartitionQueue<Integer, Integer> line = partitions.join(new Key("a"));

        assertThat(partitions.join(new Key("a"))).isSameAs(line);
        assertThat(partitions.join(new Key("b"))).isNotSameAs(line);
    }

    @Test
    void aLineIsForgottenWithItsLastItem() {
        PartitionQueue<Integer, Integer> line = partitions.join("a");
        partitions.join("a");

        partitions.leave(line, 1);
        assertThat(partitions.join("a")).isSameAs(line);
        partitions.leave(line, 2);

        assertThat(partitions.kept()).isZero();
        assertThat(partitions.join("a")).isNotSameAs(line);
    }

    @Test
    void forgettingALineLeavesThoseOfTheSameHashAlone() {
        PartitionQueue<Integer, Integer> a = partitions.join(new Key("a"));
        PartitionQueue<Integer, Integer> b = partitions.join(new Key("b"));
        PartitionQueue<Integer, Integer> c = partitions.join(new Key("c"));

        partitions.leave(b, 1);

        assertThat(partitions.join(new Key("a"))).isSameAs(a);
        assertThat(partitions.join(new Key("c"))).isSameAs(c);
    }

    /** What keys of one hash code may be. */
    enum Kind {
        /** An order that agrees with equals. */
        ORDERED {
            @Override
            Object key(int i) {
                return Integer.toBinaryString((1 << 16) + i).replace("0", "Aa").replace("1", "BB");
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

    /** Of one hash code, with an order whose comparisons are counted. */
    private record Counted(int number) implements Comparable<Counted> {

        private static final AtomicLong COMPARISONS = new AtomicLong();

        @Override
        public int compareTo(Counted other) {
            COMPARISONS.incrementAndGet();
            return Integer.compare(number, other.number);
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
            partitions.join(new Counted(i));
        }

        assertThat(Counted.COMPARISONS.get()).isLessThan(10_000 * 150);
    }

    @Test
    void toForgetALineComparesNoKeys() {
        PartitionIndex<Integer, Integer> partitions = new PartitionIndex<>();
        List<PartitionQueue<Integer, Integer>> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lines.add(partitions.join(new Counted(i)));
        }
        Collections.shuffle(lines, new Random(3));
        Counted.COMPARISONS.set(0);

        lines.forEach(line -> partitions.leave(line, 1));

        assertThat(Counted.COMPARISONS.get()).isZero();
        assertThat(partitions.kept()).isZero();
    }

    @Tag("volume")
    @Test
    void noTwoThreadsEverHoldDifferentLinesOfOneKey() throws Exception {
        AtomicReferenceArray<PartitionQueue<Integer, Integer>> held = new AtomicReferenceArray<>(THREADS);
        Queue<String> broken = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int me = t;
            threads.add(new Thread(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    PartitionQueue<Integer, Integer> line = partitions.join(new Key("a"));
                    held.set(me, line);
                    for (int other = 0; other < THREADS; other++) {
                        PartitionQueue<Integer, Integer> its = held.get(other);
                        if (its != null && its != line) {
                            broken.add("round " + round);
                        }
                    }
                    held.set(me, null);
                    partitions.leave(line, 1);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(broken).isEmpty();
        assertThat(partitions.kept()).isZero();
    }

    /** Equal by name, and joins another of the same hash code when it is first compared. */
    private final class Joining {

        private boolean joined;

        @Override
        @SuppressWarnings("EqualsUnsafeCast") // only keys of this test are compared with it
        public boolean equals(Object other) {
            if (!joined) {
                joined = true;
                partitions.join(new Key("b"));
            }
            return other == this;
        }

        @Override
        public int hashCode() {
            return new Key("").hashCode();
        }
    }

    @Test
    void aLineThatComesBetweenHidesNoOther() {
        partitions.join(new Key("a"));
        Object key = new Joining();

        PartitionQueue<Integer, Integer> line = partitions.join(key);

        assertThat(partitions.join(key)).isSameAs(line);
        assertThat(partitions.all()).hasSize(3);
        assertThat(partitions.kept()).isEqualTo(1);
    }
}
