package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MemoryTests {

    private static final int MILLION = 1_000_000;
    private static final Integer ITEM = 1;

    private final ByHand hand = new ByHand();

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Tag("volume")
    @Test
    void aQueuedItemTakesAHundredBytesAtMostAndAForcedStopEndsAMillion() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(-1).maxQueueSize(-1).build();
        batcher.pause();
        CompletableFuture<?>[] futures = new CompletableFuture<?>[MILLION];

        long before = allocatedBytes();
        for (int i = 0; i < MILLION; i++) {
            futures[i] = batcher.process(ITEM);
        }
        long bytes = allocatedBytes() - before;

        assertThat(bytes / MILLION).isLessThanOrEqualTo(100);
        assertThat(batcher.snapshot().queued()).isEqualTo(MILLION);
        long stopping = System.nanoTime();
        batcher.stop(true).get(20, SECONDS);
        assertThat(System.nanoTime() - stopping).isLessThan(SECONDS.toNanos(10));
        assertThat(Arrays.stream(futures)).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Tag("volume")
    @Test
    void aMillionItemsInOneBatchAreSettledWithoutADeepStack() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(-1).maxQueueSize(-1).build();
        List<CompletableFuture<Integer>> futures = new ArrayList<>(MILLION);
        for (int i = 0; i < MILLION; i++) {
            futures.add(batcher.process(ITEM));
        }

        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        assertThat(futures).allMatch(future -> future.join() == 2);
    }

    @Tag("volume")
    @Test
    void timedItemsThatEndedKeepNothing() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().maxBatchSize(1).build();
        List<java.lang.ref.WeakReference<Object>> ended = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            CompletableFuture<Integer> future = batcher.process(i, java.time.Duration.ofDays(1));
            if (i % 10_000 == 0) {
                ended.add(new java.lang.ref.WeakReference<>(future));
            }
            hand.executor.runAll();
        }
        hand.batches.clear();

        ByHand.await(() -> {
            System.gc();
            return ended.subList(0, 9).stream().allMatch(reference -> reference.get() == null);
        });
    }
}
