package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

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
}
