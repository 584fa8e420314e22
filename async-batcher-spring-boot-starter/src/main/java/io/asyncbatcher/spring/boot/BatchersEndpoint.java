package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** Shows what each batcher is set to and doing now. */
@Endpoint(id = "batchers", defaultAccess = Access.READ_ONLY)
final class BatchersEndpoint {

    private final Batchers batchers;

    BatchersEndpoint(Batchers batchers) {
        this.batchers = batchers;
    }

    @ReadOperation
    public BatchersDescriptor batchers() {
        Map<String, BatcherDescriptor> descriptors = new LinkedHashMap<>();
        batchers.all().forEach(batcher -> descriptors.put(batcher.name(), BatcherDescriptor.of(batcher)));
        return new BatchersDescriptor(descriptors);
    }

    /** One batcher; null, which the web shows as 404, if there is none of this name. */
    @ReadOperation
    public @Nullable BatcherDescriptor batcher(@Selector String name) {
        AsyncBatcher<?, ?> batcher = batchers.named(name);
        return batcher == null ? null : BatcherDescriptor.of(batcher);
    }

    /** All batchers by name. */
    record BatchersDescriptor(Map<String, BatcherDescriptor> batchers) {}

    /**
     * One batcher.
     *
     * @param options by the builder's names; times as in ISO 8601, choices in lower case, null = none
     */
    record BatcherDescriptor(
            String name,
            Map<String, @Nullable Object> options,
            int queued,
            int inFlight,
            int activeBatches,
            int abandonedBatches,
            boolean running,
            boolean paused,
            Map<String, Long> dispatches,
            Map<String, Long> rejections,
            List<Integer> recentBatchSizes) {

        static BatcherDescriptor of(AsyncBatcher<?, ?> batcher) {
            BatcherSnapshot snapshot = batcher.snapshot();
            return new BatcherDescriptor(
                    batcher.name(),
                    options(batcher.options()),
                    snapshot.queued(),
                    snapshot.inFlight(),
                    snapshot.activeBatches(),
                    snapshot.abandonedBatches(),
                    snapshot.running(),
                    snapshot.paused(),
                    byName(snapshot.dispatches()),
                    byName(snapshot.rejections()),
                    snapshot.recentBatchSizes());
        }

        private static Map<String, @Nullable Object> options(BatcherOptions options) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("maxBatchSize", options.maxBatchSize());
            values.put("maxQueueTime", text(options.maxQueueTime()));
            values.put("concurrency", options.concurrency());
            values.put("maxQueueSize", options.maxQueueSize());
            values.put("overflow", text(options.overflow()));
            values.put("maxBlockTime", text(options.maxBlockTime()));
            values.put("maxBatchWeight", options.maxBatchWeight());
            values.put("deduplicate", options.deduplicate());
            values.put("batchTimeout", options.batchTimeout() == null ? null : text(options.batchTimeout()));
            values.put("maxAttempts", options.maxAttempts());
            values.put("rateLimit", options.rateLimit() == null ? null : rateLimit(options.rateLimit()));
            values.put("dispatch", text(options.dispatch()));
            return values;
        }

        private static Map<String, Object> rateLimit(RateLimit limit) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("batches", limit.batches());
            values.put("per", text(limit.per()));
            return values;
        }

        private static <E extends Enum<E>> Map<String, Long> byName(Map<E, Long> counts) {
            Map<String, Long> byName = new LinkedHashMap<>();
            counts.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(count -> byName.put(text(count.getKey()), count.getValue()));
            return byName;
        }

        // Text, because what a mapper makes of a duration depends on its settings.
        private static String text(Duration time) {
            return time.toString();
        }

        private static String text(Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
