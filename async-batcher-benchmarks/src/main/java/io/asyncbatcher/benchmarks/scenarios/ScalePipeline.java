package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pipeline of a {@code fixed} batcher, with the processor time of the producers and of the batches' threads for each
 * item, and how often a thread waited.
 */
final class ScalePipeline {

    private static final String PRODUCER = "producer";
    private static final String BATCH = "async-batcher-scale";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final AtomicLong items = new AtomicLong(); // written by the one batch that runs
    private volatile boolean over;

    private ScalePipeline() {}

    static Map<String, Double> run(int producers, long warmUpMillis, long millis) throws InterruptedException {
        return new ScalePipeline().measure(producers, warmUpMillis, millis);
    }

    private Map<String, Double> measure(int producers, long warmUpMillis, long millis) throws InterruptedException {
        Map<String, Double> metrics = new TreeMap<>();
        try (AsyncBatcher<Long, Long> batcher = AsyncBatcher.<Long, Long>builder(this::echo)
                .name("scale")
                .maxQueueTime(Duration.ofMillis(1))
                .maxQueueSize(-1)
                .build()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                WindowedProducer producer = new WindowedProducer(i);
                threads.add(new Thread(() -> produce(producer, adapter(batcher)), PRODUCER));
            }
            threads.forEach(Thread::start);
            Thread.sleep(warmUpMillis);
            Map<Long, Use> before = uses();
            long itemsBefore = items.get();
            long startNanos = System.nanoTime();
            Thread.sleep(millis);
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            double passed = items.get() - itemsBefore;
            Map<Long, Use> after = uses();
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
            metrics.put("itemsPerSecond", passed / seconds);
            metrics.put("producerNanos", cpuNanos(PRODUCER, before, after) / passed);
            metrics.put("batchNanos", cpuNanos(BATCH, before, after) / passed);
            metrics.put("waits", waits(before, after) / passed);
        }
        return metrics;
    }

    private List<Long> echo(List<Long> batch) {
        items.lazySet(items.get() + batch.size());
        return batch;
    }

    private void produce(WindowedProducer producer, PeerAdapter<Long, Long> adapter) {
        while (!over) {
            producer.submit(adapter);
        }
        producer.drain();
    }

    private static PeerAdapter<Long, Long> adapter(AsyncBatcher<Long, Long> batcher) {
        return new PeerAdapter<>() {
            @Override
            public CompletableFuture<Long> process(Long item) {
                return batcher.process(item);
            }

            @Override
            public void close() {}
        };
    }

    /** What a thread has used so far. */
    private record Use(String name, long cpuNanos, long waits) {

        static final Use NONE = new Use("", 0, 0);
    }

    private static Map<Long, Use> uses() {
        Map<Long, Use> uses = new HashMap<>();
        Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && isOurs(thread))
                .forEach(thread -> uses.put(
                        thread.getThreadId(),
                        new Use(
                                thread.getThreadName(),
                                THREADS.getThreadCpuTime(thread.getThreadId()),
                                thread.getWaitedCount())));
        return uses;
    }

    private static boolean isOurs(ThreadInfo thread) {
        return thread.getThreadName().equals(PRODUCER) || thread.getThreadName().equals(BATCH);
    }

    private static double cpuNanos(String name, Map<Long, Use> before, Map<Long, Use> after) {
        return after.entrySet().stream()
                .filter(use -> use.getValue().name().equals(name))
                .mapToLong(use -> use.getValue().cpuNanos()
                        - before.getOrDefault(use.getKey(), Use.NONE).cpuNanos())
                .sum();
    }

    private static double waits(Map<Long, Use> before, Map<Long, Use> after) {
        return after.entrySet().stream()
                .mapToLong(use -> use.getValue().waits()
                        - before.getOrDefault(use.getKey(), Use.NONE).waits())
                .sum();
    }
}
