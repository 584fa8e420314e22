package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.benchmarks.peers.CountingProcessor;
import io.asyncbatcher.benchmarks.peers.Peer;
import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import io.asyncbatcher.benchmarks.peers.PeerSettings;
import io.asyncbatcher.benchmarks.results.Results;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * One trial of a scenario that JMH does not measure, in a JVM of its own. Arguments: scenario, peer, milliseconds to warm
 * up, milliseconds to measure. The last line it prints is the metrics.
 */
final class Trial {

    static final String RESULT = "RESULT ";

    private static final int BATCH = 100;
    private static final long LINGER_NANOS = 1_000_000;
    private static final Duration DEFAULT_LINGER = BatcherOptions.defaults().maxQueueTime();
    private static final long LONGEST_PAUSE_NANOS = 500_000;

    private Trial() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, Double> metrics = run(
                Scenario.of(arguments[0]), arguments[1], Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        System.out.println(RESULT + Results.line(metrics));
        System.out.flush();
        // Peers leave threads behind, and callers that are stuck.
        Runtime.getRuntime().halt(0);
    }

    private static Map<String, Double> run(Scenario scenario, String peer, long warmUpMillis, long millis)
            throws InterruptedException {
        return switch (scenario) {
            case CHECK -> AdapterCheck.run(Peer.of(peer), 1_000_000);
            case BLOCKING -> waited(Callers.platform(64, false), peer, LINGER_NANOS, warmUpMillis, millis);
            case VIRTUAL -> waited(Callers.virtual(1_000), peer, LINGER_NANOS, warmUpMillis, millis);
            case LONE_LINGER -> waited(Callers.platform(1, true), peer, LINGER_NANOS, warmUpMillis, millis);
            case LONE -> waited(Callers.platform(1, true), peer, 0, warmUpMillis, millis);
            case SERVICE -> {
                Function<List<Long>, List<Long>> service = batch -> serve(batch, 1_000_000, 10_000);
                PeerSettings<Long, Long> settings =
                        new PeerSettings<>(BATCH, Duration.ofNanos(LINGER_NANOS), 4, service);
                yield measure(Callers.platform(256, true), peer, settings, warmUpMillis, millis, () -> {});
            }
            case CLOSED_LOOP -> {
                Callers callers = Callers.platform(12, true, LONGEST_PAUSE_NANOS);
                Function<List<Long>, List<Long>> service = batch -> serve(batch, 10_000_000, 100_000);
                PeerSettings<Long, Long> settings = new PeerSettings<>(BATCH, DEFAULT_LINGER, 1, service);
                yield measure(callers, peer, settings, warmUpMillis, millis, () -> {});
            }
            case AUDIT -> LingerAudit.run(Peer.of(peer), warmUpMillis, millis);
            case TIMERS -> TimerLateness.run(Peer.of(peer), warmUpMillis, millis);
            case IDLE -> MemoryFootprint.idle(10_000);
            case QUEUED -> MemoryFootprint.queued(1_000_000);
            case SCALE ->
                peer.equals("operations")
                        ? OperationCosts.run(warmUpMillis, millis)
                        : ScalePipeline.run(Integer.parseInt(peer), 2 * warmUpMillis, millis);
            case PIPELINE_1, PIPELINE_2, PIPELINE_8, METERS, PROFILE ->
                throw new IllegalArgumentException(scenario.label() + " is JMH's");
            case START -> throw new IllegalArgumentException(scenario.label() + " has trials of its own");
        };
    }

    private static Map<String, Double> waited(
            Callers callers, String peer, long lingerNanos, long warmUpMillis, long millis)
            throws InterruptedException {
        QueueTimeProbe probe = new QueueTimeProbe(lingerNanos);
        PeerSettings<Long, Long> settings = new PeerSettings<>(BATCH, Duration.ofNanos(lingerNanos), 1, probe);
        Map<String, Double> metrics = measure(callers, peer, settings, warmUpMillis, millis, probe::begin);
        probe.addTo(metrics);
        return metrics;
    }

    private static Map<String, Double> measure(
            Callers callers,
            String peer,
            PeerSettings<Long, Long> settings,
            long warmUpMillis,
            long millis,
            Runnable warm)
            throws InterruptedException {
        CountingProcessor<Long, Long> counting = new CountingProcessor<>(settings.maxBatchSize(), settings.processor());
        PeerAdapter<Long, Long> adapter = Peer.of(peer)
                .open(new PeerSettings<>(settings.maxBatchSize(), settings.linger(), settings.concurrency(), counting));
        Map<String, Double> metrics = new TreeMap<>();
        callers.run(adapter, warmUpMillis, millis, warm, metrics);
        metrics.putAll(counting.counts());
        return metrics;
    }

    /** Waits as for a remote service. */
    private static List<Long> serve(List<Long> batch, long callNanos, long itemNanos) {
        long endNanos = System.nanoTime() + callNanos + batch.size() * itemNanos;
        for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return batch;
    }
}
