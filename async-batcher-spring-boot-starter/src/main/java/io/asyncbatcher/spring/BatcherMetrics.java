package io.asyncbatcher.spring;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of one batcher, for any {@link MeterRegistry}. With Spring Boot, every batcher bean has them
 * automatically. Without Spring Boot:
 *
 * <pre>{@code
 * BatcherMetrics metrics = new BatcherMetrics(batcher);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Every meter has the tag {@code batcher} with the name of the batcher. Counters and timers start at zero with the
 * binding. All of their series exist from then on, so that a rate of zero differs from a missing batcher. A gauge reads
 * a {@link BatcherSnapshot}. The registry does not prevent the batcher from being garbage-collected.
 *
 * <p>Batchers of the same name share their meters in a registry: counters and timers count for all of them, and a gauge
 * shows the sum. A batcher that is bound twice, by two instances of this class, is counted once.
 *
 * <p>Thread-safe.
 */
public final class BatcherMetrics implements MeterBinder, AutoCloseable {

    private final AsyncBatcher<?, ?> batcher;
    private final Map<MeterRegistry, SharedMeters> bound = new ConcurrentHashMap<>();

    /**
     * Prepares the meters, without registering them.
     *
     * @param batcher the batcher to measure
     */
    public BatcherMetrics(AsyncBatcher<?, ?> batcher) {
        this.batcher = Objects.requireNonNull(batcher, "batcher");
    }

    /**
     * Registers the meters and starts recording. A second binding to the same registry has no effect.
     *
     * @param registry the registry of the meters
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        if (bound.containsKey(registry)) {
            return;
        }
        SharedMeters meters = SharedMeters.bind(batcher, registry);
        if (bound.putIfAbsent(registry, meters) != null) {
            meters.unbind(batcher, registry); // another thread was quicker
        }
    }

    /**
     * Stops recording. Removes the meters from every registry that they were bound to, unless another batcher of the
     * same name uses them. Does not stop the batcher.
     */
    @Override
    public void close() {
        bound.forEach((registry, meters) -> {
            if (bound.remove(registry, meters)) {
                meters.unbind(batcher, registry);
            }
        });
    }
}
