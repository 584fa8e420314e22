package io.asyncbatcher.sample.live;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** How the calls of one lane ended: added by any thread, read four times a second. */
final class LaneStatistics {

    private static final int DIGITS = 2;
    private static final int MOST_KINDS_OF_FAILURES = 8;

    private final Recorder latencies = new Recorder(DIGITS);
    private final LongAdder begun = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

    private final long startNanos;
    private final LastSecond<Histogram> lastSecond;
    private final Histogram wholeRun = new Histogram(DIGITS);

    LaneStatistics(long startNanos) {
        this.startNanos = startNanos;
        this.lastSecond = new LastSecond<>(startNanos);
    }

    void began() {
        begun.increment();
    }

    /** How many calls were begun so far. */
    long begun() {
        return begun.sum();
    }

    /** A call has ended; only those that succeeded count as throughput, and have a latency. */
    void ended(long latencyNanos, @Nullable Throwable failure) {
        if (failure == null) {
            latencies.recordValue(Math.max(0, latencyNanos / 1_000));
            return;
        }
        failed.increment();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String kind = cause.getClass().getSimpleName();
        if (failures.size() < MOST_KINDS_OF_FAILURES || failures.containsKey(kind)) {
            failures.computeIfAbsent(kind, unknown -> new LongAdder()).increment();
        }
    }

    /** Ends a quarter of a second. */
    synchronized void tick(long nowNanos) {
        Histogram quarter = latencies.getIntervalHistogram();
        wholeRun.add(quarter);
        lastSecond.add(quarter, nowNanos);
    }

    /** The figures of the last second and of the whole run. */
    synchronized Frame.Lane figures(long endNanos) {
        Histogram second = new Histogram(DIGITS);
        lastSecond.figures().forEach(second::add);
        Map<String, Long> kinds = new TreeMap<>();
        failures.forEach((kind, count) -> kinds.put(kind, count.sum()));
        return new Frame.Lane(
                figures(second, lastSecond.seconds()),
                figures(wholeRun, (endNanos - startNanos) / 1e9),
                failed.sum(),
                kinds);
    }

    private static Frame.Calls figures(Histogram histogram, double seconds) {
        return new Frame.Calls(
                histogram.getTotalCount(),
                seconds > 0 ? histogram.getTotalCount() / seconds : 0,
                millis(histogram, 50),
                millis(histogram, 95),
                millis(histogram, 99));
    }

    private static @Nullable Double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? null : histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
