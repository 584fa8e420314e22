package io.asyncbatcher.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Now;
import io.asyncbatcher.testing.VirtualTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartitionQueueTests {

    private static Entry<Integer, Integer> entry(long order, long weight) {
        Entry<Integer, Integer> entry = new Entry<>(new Item<>(null, 0), new PartitionQueue<>(null, 0), weight, 0);
        entry.order = order;
        return entry;
    }

    @Test
    void entriesAreTakenInTheirOrderWhateverComesBack() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            PartitionQueue<Integer, Integer> line = new PartitionQueue<>(null, 0);
            List<Entry<Integer, Integer>> queued = new ArrayList<>();
            Map<Long, Entry<Integer, Integer>> out = new HashMap<>();
            long order = 0;
            for (int step = 0; step < 300; step++) {
                int what = random.nextInt(10);
                if (what < 4) {
                    Entry<Integer, Integer> fresh = entry(order++, random.nextInt(5));
                    queued.add(fresh);
                    line.add(fresh);
                } else if (what < 6 && !out.isEmpty()) {
                    Entry<Integer, Integer> back = out.values().iterator().next();
                    out.remove(back.order);
                    queued.add(back);
                    line.add(back);
                } else if (what < 8 && !queued.isEmpty()) {
                    Entry<Integer, Integer> removed = queued.remove(random.nextInt(queued.size()));
                    out.put(removed.order, removed);
                    line.remove(removed);
                } else if (!queued.isEmpty()) {
                    Entry<Integer, Integer> first = queued.stream()
                            .min(Comparator.comparingLong(entry -> entry.order))
                            .orElseThrow();
                    Load<Integer, Integer> load = new Load<>();
                    load.takeFrom(line, 1, -1, new Now(new VirtualTime()));
                    assertThat(load.poll()).isSameAs(first.item);
                    queued.remove(first);
                    out.put(first.order, first);
                }
                assertThat(line.size()).isEqualTo(queued.size());
                assertThat(line.weight())
                        .isEqualTo(
                                queued.stream().mapToLong(entry -> entry.weight).sum());
            }
        }
    }

    @Test
    void aSumOfWeightsThatOverflowsIsTheGreatest() {
        PartitionQueue<Integer, Integer> line = new PartitionQueue<>(null, 0);
        Entry<Integer, Integer> heavy = entry(1, Long.MAX_VALUE);
        Entry<Integer, Integer> light = entry(2, 3);

        line.add(heavy);
        assertThat(line.weight()).isEqualTo(Long.MAX_VALUE);
        line.add(light);
        assertThat(line.weight()).isEqualTo(Long.MAX_VALUE);
        line.remove(heavy);
        assertThat(line.weight()).isEqualTo(3);
    }

    @Test
    void aGreatSumOfWeightsIsExact() {
        PartitionQueue<Integer, Integer> line = new PartitionQueue<>(null, 0);
        long great = (long) Integer.MAX_VALUE << Integer.SIZE;

        line.add(entry(1, great - 7));
        line.add(entry(2, 12));

        assertThat(line.weight()).isEqualTo(great + 5);
    }

    @Test
    void aForgottenOneIsNotJoined() {
        PartitionQueue<Integer, Integer> line = new PartitionQueue<>("key", 0);

        assertThat(line.join()).isTrue();
        assertThat(line.leave(2)).isTrue();
        assertThat(line.join()).isFalse();
    }
}
