package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cancelled items leave in memory. {@code -Dsoak.cancels} says how many there are. */
@Timeout(10_000)
class CancelledItemsTests {

    private static final long CANCELS = Long.getLong("soak.cancels", 1_000_000);
    private static final int PARTS = 5;

    /** Half as many of the samples as there would be if one object of a thousand cancels stayed. */
    private static final int KEPT_SAMPLES = Cancels.SAMPLES / 2_000;

    /** Less than a hundred thousand of the smallest objects that an item could leave. */
    private static final long GROWTH_BYTES = 1_500_000;

    @Test
    @DisplayName("Promise 6: the heap is flat, however many items are cancelled, queued or in flight")
    void theHeapIsFlatAfterManyCancels() throws Exception {
        long begin = System.nanoTime();
        List<Long> usedBytes = new ArrayList<>();
        int reachable = 0;
        ExecutorService thread = Executors.newSingleThreadExecutor(); // its stack, which each cancel records, is short
        try (Cancels cancels = new Cancels(CANCELS)) {
            for (int part = 0; part < PARTS; part++) {
                thread.submit(() -> cancels.run(CANCELS / PARTS)).get(3, HOURS);
                usedBytes.add(usedBytes());
                reachable = cancels.reachable();
                assertThat(reachable).isLessThan(KEPT_SAMPLES);
            }
            System.out.printf(
                    "%,d cancels in %d s: %s bytes used after each part, %d of %,d samples reachable%n",
                    cancels.submitted(),
                    (System.nanoTime() - begin) / 1_000_000_000,
                    usedBytes,
                    reachable,
                    Cancels.SAMPLES);
        } finally {
            thread.shutdownNow();
        }
        assertThat(usedBytes).allSatisfy(used -> assertThat(used).isLessThan(usedBytes.get(0) + GROWTH_BYTES));
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
