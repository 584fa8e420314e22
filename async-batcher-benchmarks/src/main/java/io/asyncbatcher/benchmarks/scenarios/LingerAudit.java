package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.peers.CountingProcessor;
import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import io.asyncbatcher.benchmarks.peers.PeerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Slower than the pipeline, but with eyes on each item: two threads submit bursts and lone items with pauses between, so
 * that a slot is always free and every wait is the linger's. Beside it a thread that only parks tells how late timers are
 * on this machine just now.
 */
final class LingerAudit {

    private static final long SEED = 20260101;
    private static final long LINGER_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 3_000_000;
    private static final int LARGEST_BURST = 250;

    private LingerAudit() {}

    static Map<String, Double> run(Peer peer, long warmUpMillis, long millis) throws InterruptedException {
        QueueTimeProbe probe = new QueueTimeProbe(LINGER_NANOS);
        CountingProcessor<Long, Long> processor = new CountingProcessor<>(100, probe);
        Latencies lateness = new Latencies();
        PeerAdapter<Long, Long> adapter =
                peer.open(new PeerSettings<>(100, Duration.ofNanos(LINGER_NANOS), 1, processor));
        long endNanos = System.nanoTime() + (warmUpMillis + millis) * 1_000_000;
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        List<CompletableFuture<Long>> others = new ArrayList<>();
        List<Thread> threads = List.of(
                new Thread(() -> submit(adapter, new Random(SEED), endNanos, futures), "one"),
                new Thread(() -> submit(adapter, new Random(SEED + 1), endNanos, others), "other"),
                new Thread(() -> lateness.recordParks(LINGER_NANOS, endNanos), "parked"));
        threads.forEach(Thread::start);
        Thread.sleep(warmUpMillis);
        probe.begin();
        lateness.begin();
        for (Thread thread : threads) {
            thread.join();
        }
        // Five hundred times the linger: what has no result now gets one only when others come.
        Thread.sleep(500);
        futures.addAll(others);
        Map<String, Double> metrics = processor.counts();
        probe.addTo(metrics);
        metrics.put("items", (double) futures.size());
        metrics.put("stranded", (double)
                futures.stream().filter(future -> !future.isDone()).count());
        Histogram late = lateness.kept();
        metrics.put("timerLateP999Micros", late.getValueAtPercentile(99.9) / 1e3);
        metrics.put("timerLateP99Micros", late.getValueAtPercentile(99) / 1e3);
        metrics.put("timerLateMaxMicros", late.getMaxValue() / 1e3);
        metrics.put("timerOverdue", (double) late.getCountBetweenValues(Scenario.TIMER_SLACK_NANOS, Long.MAX_VALUE));
        return metrics;
    }

    private static void submit(
            PeerAdapter<Long, Long> adapter, Random random, long endNanos, List<CompletableFuture<Long>> to) {
        while (System.nanoTime() - endNanos < 0) {
            int burst = random.nextBoolean() ? 1 : 1 + random.nextInt(LARGEST_BURST);
            for (int i = 0; i < burst; i++) {
                to.add(adapter.process(System.nanoTime()));
            }
            LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
        }
    }
}
