package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import io.asyncbatcher.spring.boot.lifecycle.Batchers;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import io.asyncbatcher.spring.boot.settings.BatcherProperties;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.aop.framework.AopInfrastructureBean;

/**
 * Whether a batcher is stuck, full for too long, or without a worker for too long. It knows neither line of Spring Boot's health classes: see {@link
 * BatchersHealthIndicator} and {@link OlderHealthIndicator}. Safe for use by many threads.
 */
final class BatchersHealth implements AopInfrastructureBean {

    /** The id of the health indicator: what comes before its ending is the name by which health shows it. */
    static final String BEAN_NAME = "batchersHealthIndicator";

    private static final String UP = "UP";

    /**
     * What is found.
     *
     * @param status a health status's code
     * @param details names and numbers only
     */
    record Report(String status, Map<String, Object> details) {}

    private final Batchers batchers;
    private final Attachments<BatchRecord> records;
    private final BatcherProperties.Health properties;
    private final LongSupplier nanoTime;

    /** Since which check what is told of a batcher has been so. */
    private final Map<String, Long> sinceNanos = new ConcurrentHashMap<>();

    BatchersHealth(
            Batchers batchers,
            Attachments<BatchRecord> records,
            BatcherProperties.Health properties,
            LongSupplier nanoTime) {
        this.batchers = batchers;
        this.records = records;
        this.properties = properties;
        this.nanoTime = nanoTime;
        requirePositive("stuck-after", properties.getStuckAfter());
        requirePositive("full-after", properties.getFullAfter());
        requirePositive("unreachable-after", properties.getUnreachableAfter());
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
        boolean healthy = true;
        for (AsyncBatcher<?, ?> batcher : batchers.all()) {
            Map<String, Object> shown = trouble(batcher);
            healthy &= shown.isEmpty();
            if (batcher.snapshot().paused()) {
                shown.put("paused", true); // somebody wanted that, so it is no trouble
            }
            if (!shown.isEmpty()) {
                details.put(batcher.name(), shown);
            }
        }
        return new Report(healthy ? UP : properties.getStatus(), details);
    }

    private Map<String, Object> trouble(AsyncBatcher<?, ?> batcher) {
        Map<String, Object> trouble = new LinkedHashMap<>();
        BatcherSnapshot snapshot = batcher.snapshot();
        long stuck = BatchRecord.of(batcher, records).running().stream()
                .filter(batch -> batch.age().compareTo(properties.getStuckAfter()) > 0)
                .count();
        if (stuck > 0) {
            trouble.put("stuckBatches", stuck);
        }
        boolean abandoned = snapshot.abandonedBatches() > 0;
        if (lasts(batcher, "abandoned", abandoned, properties.getStuckAfter())) {
            trouble.put("abandonedBatches", snapshot.abandonedBatches());
        }
        int places = batcher.options().maxQueueSize();
        boolean full = places > 0 && snapshot.queued() >= places;
        if (lasts(batcher, "full", full, properties.getFullAfter())) {
            trouble.put("queued", snapshot.queued());
        }
        Duration unreachable =
                batcher instanceof RemoteBatcher<?, ?> remote ? remote.status().unreachableFor() : null;
        if (unreachable != null && unreachable.compareTo(properties.getUnreachableAfter()) > 0) {
            trouble.put("unreachable", true);
        }
        return trouble;
    }

    /** Whether something has been so at every check for longer than that. */
    private boolean lasts(AsyncBatcher<?, ?> batcher, String what, boolean isSo, Duration longest) {
        String key = what + ' ' + batcher.name();
        if (!isSo) {
            sinceNanos.remove(key);
            return false;
        }
        long nowNanos = nanoTime.getAsLong();
        long firstNanos = sinceNanos.computeIfAbsent(key, begins -> nowNanos);
        return Duration.ofNanos(nowNanos - firstNanos).compareTo(longest) > 0;
    }
}
