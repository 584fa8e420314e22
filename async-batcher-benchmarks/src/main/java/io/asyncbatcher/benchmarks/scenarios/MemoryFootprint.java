package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.DispatchMode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What batchers and queued items cost: used heap before and after, with the garbage gone. */
final class MemoryFootprint {

    /** Own threads end within two seconds of their last work. */
    private static final long THREADS_END_MILLIS = 2_500;

    private MemoryFootprint() {}

    /** Batchers that were just made, then the same after each has had one item. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Map<String, Double> idle(int count) throws InterruptedException {
        AsyncBatcher<Long, Long>[] batchers = new AsyncBatcher[count];
        useOnce(batcher(count));
        Thread.sleep(THREADS_END_MILLIS);
        long before = usedBytes();
        for (int i = 0; i < count; i++) {
            batchers[i] = batcher(i);
        }
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("newBytes", (double) (usedBytes() - before) / count);
        metrics.put("newThreads", ownThreads());
        for (AsyncBatcher<Long, Long> batcher : batchers) {
            useOnce(batcher);
        }
        Thread.sleep(THREADS_END_MILLIS);
        metrics.put("usedBytes", (double) (usedBytes() - before) / count);
        metrics.put("usedThreads", ownThreads());
        for (AsyncBatcher<Long, Long> batcher : batchers) {
            batcher.close();
        }
        return metrics;
    }

    private static AsyncBatcher<Long, Long> batcher(int number) {
        return AsyncBatcher.<Long, Long>builder(list -> list)
                .name("idle-" + number)
                .maxQueueTime(Duration.ZERO)
                .build();
    }

    private static void useOnce(AsyncBatcher<Long, Long> batcher) {
        batcher.process(1L).join();
    }

    /** Items of a paused batcher, without the callers' own {@code Long}s; then how long a forced stop takes. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Map<String, Double> queued(int count) throws InterruptedException {
        Long[] items = new Long[count];
        Arrays.setAll(items, i -> 1_000_000L + i);
        @Nullable CompletableFuture<Long>[] futures = new CompletableFuture[count];
        AsyncBatcher<Long, Long> batcher = AsyncBatcher.<Long, Long>builder(list -> list)
                .maxQueueSize(-1)
                .dispatch(DispatchMode.FIXED)
                .build();
        batcher.pause();
        long before = usedBytes();
        for (int i = 0; i < count; i++) {
            futures[i] = batcher.process(items[i]);
        }
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("itemBytes", (double) (usedBytes() - before) / count);
        long startNanos = System.nanoTime();
        batcher.stop(true).join();
        metrics.put("forcedStopMillis", (System.nanoTime() - startNanos) / 1e6);
        metrics.put("notFailed", (double) Arrays.stream(futures)
                .filter(future -> !Objects.requireNonNull(future).isCompletedExceptionally())
                .count());
        return metrics;
    }

    private static long usedBytes() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double ownThreads() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .map(ThreadInfo::getThreadName)
                .filter(name -> name.startsWith("async-batcher") || name.startsWith("idle-"))
                .count();
    }
}
