package io.asyncbatcher.benchmarks.scenarios;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Latencies in nanoseconds, recorded from the beginning so that the code for it is compiled, but kept only from
 * {@link #begin} on. From any threads.
 */
final class Latencies {

    private final Histogram kept = new ConcurrentHistogram(3);
    private volatile Histogram current = new ConcurrentHistogram(3);

    void begin() {
        current = kept;
    }

    void record(long nanos) {
        current.recordValue(Math.max(0, nanos));
    }

    /** Parks again and again until a moment, and records how late each wake-up is: the timers of this machine just now. */
    void recordParks(long parkNanos, long endNanos) {
        while (System.nanoTime() - endNanos < 0) {
            long due = System.nanoTime() + parkNanos;
            LockSupport.parkNanos(parkNanos);
            record(System.nanoTime() - due);
        }
    }

    /** What was recorded since the beginning. */
    Histogram kept() {
        return kept;
    }

    /** Adds their mean and percentiles, in microseconds. */
    void addTo(Map<String, Double> metrics) {
        metrics.put("meanMicros", kept.getMean() / 1e3);
        metrics.put("p50Micros", kept.getValueAtPercentile(50) / 1e3);
        metrics.put("p99Micros", kept.getValueAtPercentile(99) / 1e3);
        metrics.put("p999Micros", kept.getValueAtPercentile(99.9) / 1e3);
        metrics.put("maxMicros", kept.getMaxValue() / 1e3);
    }
}
