package io.asyncbatcher.spring;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of one batcher, for any {@link MeterRegistry}. With Spring Boot every batcher bean gets them unasked;
 * without it:
 *
 * <pre>{@code
 * BatcherMetrics metrics = new BatcherMetrics(batcher);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Every meter has the tag {@code batcher} with the batcher's name. Counters and timers begin with the binding; all of
 * their series exist from then on, so that a rate of zero can be told from a missing batcher. A gauge reads a {@link
 * BatcherSnapshot}. The registry doesn't keep the batcher from being collected.
 *
 * <p>Batchers of one name share their meters in a registry: counters and timers count for all of them, and a gauge shows
 * the sum. A batcher that is bound twice, by two instances of this class, is counted once.
 *
 * <p>Safe for use by many threads.
 */
public final class BatcherMetrics implements MeterBinder, AutoCloseable {

    private final AsyncBatcher<?, ?> batcher;
    private final Map<MeterRegistry, SharedMeters> bound = new ConcurrentHashMap<>();

    /**
     * Prepares the meters; nothing is registered yet.
     *
     * @param batcher what is measured
     */
    public BatcherMetrics(AsyncBatcher<?, ?> batcher) {
        this.batcher = Objects.requireNonNull(batcher, "batcher");
    }

    /**
     * Registers the meters and begins to record. Binding to the same registry again does nothing.
     *
     * @param registry where the meters live
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
     * Ends the recording, and removes the meters from every registry that they were bound to and where no other batcher of
     * the name has them. Doesn't stop the batcher.
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
