package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.PartitionQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many items that wait to be tried again: in any order, and yet by their submission. */
@Timeout(30)
class DelayedRetriesTests {

    private static final int MANY = 200_000;

    /** One for all: to make as many takes longer than what is tested. */
    private final Exception again = new IllegalStateException("thrown by a test");

    private final ByHand hand = new ByHand();

    private static Entry<Integer, Integer> entry(long order, long weight) {
        Entry<Integer, Integer> entry = new Entry<>(new Item<>(null, 0), new PartitionQueue<>(null, 0), weight, 0);
        entry.order = order;
        return entry;
    }

    @Test
    void manyInAnyOrderAreQueuedAgainInTime() {
        List<Long> delays = new ArrayList<>(
                IntStream.range(0, MANY).mapToObj(i -> 1L + i / 100).toList());
        Collections.shuffle(delays, new Random(1));
        Set<Integer> tried = new HashSet<>();
        List<Integer> order = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    if (tried.add(item)) {
                        return Outcome.retry(again, Duration.ofMillis(delays.get(item)));
                    }
                    order.add(item);
                    return Outcome.success(item);
                })
                .maxBatchSize(1_000)
                .maxQueueSize(-1)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        hand.executor.runAll();
        assertThat(tried).hasSize(MANY);
        assertThat(batcher.snapshot().queued()).isEqualTo(MANY);
        batcher.pause();
        hand.time.advance(Duration.ofHours(1));

        batcher.resume();
        hand.pass(ByHand.LINGER);

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(order).isSorted().hasSize(MANY);
    }

    @Test
    void manyThatAreDelayedFailAtAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(again, Duration.ofHours(1 + item % 7)))
                .maxBatchSize(1_000)
                .maxQueueSize(-1)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        hand.executor.runAll();
        futures.subList(0, MANY / 2).forEach(future -> future.cancel(false));
        assertThat(batcher.snapshot().queued()).isEqualTo(MANY / 2);

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aLineGivesItsEntriesOutInTheirOrderWhateverComesBack() {
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
                    load.takeFrom(line, 1, -1);
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
    void weightsThatDontFitTogetherAreTheGreatest() {
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
}
