package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether a batcher is stuck, or full for too long. It knows neither line of Spring Boot's health classes: see {@link
 * BatchersHealthIndicator} and {@link OlderHealthIndicator}. Safe for use by many threads.
 */
final class BatchersHealth {

    private static final String UP = "UP";

    /**
     * What is found.
     *
     * @param status a health status's code
     * @param details names and numbers only
     */
    record Report(String status, Map<String, Object> details) {}

    private final Batchers batchers;
    private final BatchRecords records;
    private final BatcherProperties.Health properties;
    private final LongSupplier nanoTime;

    /** Since which check each full batcher has been full. */
    private final Map<String, Long> fullSinceNanos = new ConcurrentHashMap<>();

    BatchersHealth(
            Batchers batchers, BatchRecords records, BatcherProperties.Health properties, LongSupplier nanoTime) {
        this.batchers = batchers;
        this.records = records;
        this.properties = properties;
        this.nanoTime = nanoTime;
        requirePositive("stuck-after", properties.getStuckAfter());
        requirePositive("full-after", properties.getFullAfter());
    }

    private static void requirePositive(String property, Duration time) {
        if (time.isZero() || time.isNegative()) {
            String name = "'batcher.health." + property + "'";
            throw new BatcherConfigurationException(
                    "The value of " + name + " is not allowed: it must be longer than zero, but is " + time + ".",
                    "Change " + name + ".");
        }
    }

    /** Looks at every batcher. */
    Report report() {
        Map<String, Object> details = new LinkedHashMap<>();
        for (AsyncBatcher<?, ?> batcher : batchers.all()) {
            Map<String, Object> trouble = trouble(batcher);
            if (!trouble.isEmpty()) {
                details.put(batcher.name(), trouble);
            }
        }
        return new Report(details.isEmpty() ? UP : properties.getStatus(), details);
    }

    private Map<String, Object> trouble(AsyncBatcher<?, ?> batcher) {
        Map<String, Object> trouble = new LinkedHashMap<>();
        BatcherSnapshot snapshot = batcher.snapshot();
        long stuck = records.of(batcher).running().stream()
                .filter(batch -> batch.age().compareTo(properties.getStuckAfter()) > 0)
                .count();
        if (stuck > 0) {
            trouble.put("stuckBatches", stuck);
        }
        if (snapshot.abandonedBatches() > 0) {
            trouble.put("abandonedBatches", snapshot.abandonedBatches());
        }
        if (isFullForLong(batcher, snapshot.queued())) {
            trouble.put("queued", snapshot.queued());
        }
        return trouble;
    }

    private boolean isFullForLong(AsyncBatcher<?, ?> batcher, int queued) {
        BatcherOptions options = batcher.options();
        boolean limited = options.maxQueueSize() > 0;
        if (!limited || queued < options.maxQueueSize()) {
            fullSinceNanos.remove(batcher.name());
            return false;
        }
        long nowNanos = nanoTime.getAsLong();
        long sinceNanos = fullSinceNanos.computeIfAbsent(batcher.name(), name -> nowNanos);
        return Duration.ofNanos(nowNanos - sinceNanos).compareTo(properties.getFullAfter()) > 0;
    }
}
