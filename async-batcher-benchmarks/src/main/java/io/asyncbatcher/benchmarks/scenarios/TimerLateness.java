package io.asyncbatcher.benchmarks.scenarios;

import com.sun.management.OperatingSystemMXBean;
import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import io.asyncbatcher.benchmarks.peers.PeerSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How late batches begin where many batchers linger at once: one thread submits an item every 100 µs, to one batcher after
 * the other. The linger is nine tenths of the time until it is a batcher's turn again, so that nine of ten batchers linger
 * at any moment, each with a single item. A single batcher lingers for 1 ms and gets about ten items meanwhile. Beside them
 * a thread that only parks tells how late timers are on this machine just now.
 */
public final class TimerLateness {

    /** How many batchers linger at once. */
    public static final List<Integer> BATCHERS = List.of(1, 100, 10_000);

    /** Most batchers of a peer, because it has a thread for each. */
    private static final int MOST_WITH_THREADS = 100;

    private static final long ITEM_EVERY_NANOS = 100_000;
    private static final long SHORTEST_LINGER_NANOS = 1_000_000;
    private static final long PARK_NANOS = 1_000_000;

    private TimerLateness() {}

    static Map<String, Double> run(Peer peer, long warmUpMillis, long millis) throws InterruptedException {
        Map<String, Double> metrics = new TreeMap<>();
        long warmUp = warmUpMillis;
        for (int batchers : BATCHERS) {
            if (peer.kind() == Peer.Kind.OURS || batchers <= MOST_WITH_THREADS) {
                run(peer, batchers, warmUp, millis, metrics);
                warmUp = warmUpMillis / 3; // the code is compiled
            }
        }
        return metrics;
    }

    /** The linger, in nanoseconds, where there are so many batchers. */
    public static long lingerNanos(int batchers) {
        return Math.max(SHORTEST_LINGER_NANOS, batchers * ITEM_EVERY_NANOS / 10 * 9);
    }

    /** The name of a metric where there are so many batchers. */
    public static String metric(int batchers, String name) {
        return batchers + " batchers: " + name;
    }

    private static void run(Peer peer, int count, long warmUpMillis, long millis, Map<String, Double> metrics)
            throws InterruptedException {
        long lingerNanos = lingerNanos(count);
        Latencies late = new Latencies();
        Latencies timerLate = new Latencies();
        PeerSettings<Long, Long> settings = new PeerSettings<>(100, Duration.ofNanos(lingerNanos), 1, batch -> {
            late.record(System.nanoTime() - batch.get(0) - lingerNanos);
            return batch;
        });
        List<PeerAdapter<Long, Long>> batchers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batchers.add(peer.open(settings));
        }
        long begin = System.nanoTime();
        // The batches that begin in the measured time have all been submitted in a steady state.
        long unmeasuredNanos = warmUpMillis * 1_000_000 + lingerNanos;
        long endNanos = begin + unmeasuredNanos + millis * 1_000_000;
        Thread submitting = new Thread(() -> submit(batchers, endNanos), "submitting");
        Thread parked = new Thread(() -> timerLate.recordParks(PARK_NANOS, endNanos), "parked");
        submitting.start();
        parked.start();
        Thread.sleep(unmeasuredNanos / 1_000_000);
        late.begin();
        timerLate.begin();
        long cpuNanos = processCpuNanos();
        submitting.join();
        parked.join();
        double items = millis * 1e6 / ITEM_EVERY_NANOS;
        metrics.put(metric(count, "cpuMicrosPerItem"), (processCpuNanos() - cpuNanos) / 1e3 / items);
        addTo(metrics, count, "late", late.kept());
        addTo(metrics, count, "timerLate", timerLate.kept());
        for (PeerAdapter<Long, Long> batcher : batchers) {
            batcher.close();
        }
    }

    private static long processCpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void addTo(Map<String, Double> metrics, int batchers, String name, Histogram kept) {
        metrics.put(metric(batchers, name + "Count"), (double) kept.getTotalCount());
        metrics.put(metric(batchers, name + "P50Micros"), kept.getValueAtPercentile(50) / 1e3);
        metrics.put(metric(batchers, name + "P99Micros"), kept.getValueAtPercentile(99) / 1e3);
        metrics.put(metric(batchers, name + "P999Micros"), kept.getValueAtPercentile(99.9) / 1e3);
        metrics.put(metric(batchers, name + "MaxMicros"), kept.getMaxValue() / 1e3);
    }

    /** Keeps to the rate: after a late wake-up it submits all that are due. */
    private static void submit(List<PeerAdapter<Long, Long>> batchers, long endNanos) {
        int next = 0;
        long dueNanos = System.nanoTime();
        for (long now = dueNanos; now - endNanos < 0; now = System.nanoTime()) {
            while (dueNanos - now <= 0) {
                var unused = batchers.get(next).process(System.nanoTime());
                next = (next + 1) % batchers.size();
                dueNanos += ITEM_EVERY_NANOS;
            }
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }
}
