package io.asyncbatcher.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What batchers leave that are opened, used and closed. {@code -Dsoak.batchers} says how many there are. */
@Timeout(10_000)
class OpenedAndClosedTests {

    private static final int BATCHERS = Integer.getInteger("soak.batchers", 1_000);
    private static final List<DispatchMode> MODES = List.of(DispatchMode.values());
    private static final Duration NEVER_OVER = Duration.ofHours(1);

    private final List<WeakReference<Object>> closed = new ArrayList<>();

    private static Set<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("async-batcher"))
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("Promise 11: after close nothing of a thousand batchers is left running or reachable")
    void batchersThatAreClosedLeaveNoThread() {
        long begin = System.nanoTime();
        Set<Thread> before = ownThreads();
        int most = 0;
        for (int i = 0; i < BATCHERS; i++) {
            openUseAndClose(i);
            if (i % 100 == 0) {
                most = Math.max(most, ownThreads().size());
            }
        }

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            closed.removeIf(batcher -> batcher.get() == null);
            return before.containsAll(ownThreads()) && closed.isEmpty();
        });
        System.out.printf(
                "%,d batchers in %.1f s: at most %d threads, none left%n",
                BATCHERS, (System.nanoTime() - begin) / 1e9, most);
    }

    private void openUseAndClose(int i) {
        boolean fails = i % 10 == 9;
        AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (fails) {
                        LockSupport.parkNanos(50_000_000); // a forced stop interrupts it
                    }
                    return batch;
                })
                .maxQueueTime(Duration.ofNanos(i % 1_000))
                .maxBatchSize(1 + i % 3)
                .concurrency(2)
                .maxQueueSize(20)
                .overflow(i % 7 == 0 ? OverflowPolicy.BLOCK : OverflowPolicy.REJECT)
                .dispatch(MODES.get(i % 3));
        if (i % 2 == 0) {
            builder.listener(new BatcherListener() {}).batchTimeout(NEVER_OVER);
        }
        if (i % 5 == 0) {
            builder.partitionBy(item -> item % 3);
        }
        AsyncBatcher<Integer, Integer> batcher = builder.build();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int item = 0; item < 8; item++) {
            futures.add(item % 2 == 0 ? batcher.process(item, NEVER_OVER) : batcher.process(item));
        }
        futures.get(7).cancel(false);
        if (fails) {
            batcher.stop(true).join();
        } else {
            batcher.close();
            for (int item = 0; item < 7; item++) {
                assertThat(futures.get(item)).isCompletedWithValue(item);
            }
        }
        assertThat(futures).allMatch(CompletableFuture::isDone);
        closed.add(new WeakReference<>(batcher));
    }
}
