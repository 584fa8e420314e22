package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
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
     * @param options by the builder's names; times as in ISO 8601, choices in lower case
     */
    record BatcherDescriptor(
            String name,
            Map<String, Object> options,
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

        private static Map<String, Object> options(BatcherOptions options) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("maxBatchSize", options.maxBatchSize());
            values.put("maxQueueTime", text(options.maxQueueTime()));
            values.put("concurrency", options.concurrency());
            values.put("maxQueueSize", options.maxQueueSize());
            values.put("overflow", text(options.overflow()));
            values.put("maxBlockTime", text(options.maxBlockTime()));
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
