package io.asyncbatcher.benchmarks.scenarios;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * An echo whose items are the times of their submission: it measures how long each waited until a batch began, and counts
 * those beyond the linger by more than the timer's slack.
 */
final class QueueTimeProbe implements Function<List<Long>, List<Long>> {

    private final long overdueNanos;
    private final Latencies latencies = new Latencies();

    QueueTimeProbe(long lingerNanos) {
        overdueNanos = lingerNanos + Scenario.TIMER_SLACK_NANOS;
    }

    /** What was measured until then doesn't count. */
    void begin() {
        latencies.begin();
    }

    @Override
    public List<Long> apply(List<Long> batch) {
        long now = System.nanoTime();
        for (Long submitted : batch) {
            latencies.record(now - submitted);
        }
        return batch;
    }

    void addTo(Map<String, Double> metrics) {
        Histogram queueTimes = latencies.kept();
        metrics.put("overdue", (double) queueTimes.getCountBetweenValues(overdueNanos, Long.MAX_VALUE));
        metrics.put("waitP50Micros", queueTimes.getValueAtPercentile(50) / 1e3);
        metrics.put("waitP99Micros", queueTimes.getValueAtPercentile(99) / 1e3);
        metrics.put("waitP999Micros", queueTimes.getValueAtPercentile(99.9) / 1e3);
        metrics.put("waitMaxMicros", queueTimes.getMaxValue() / 1e3);
    }
}
