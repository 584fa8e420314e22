package io.asyncbatcher.spring;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.RejectionReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;

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
 * <p>Safe for use by many threads.
 */
public final class BatcherMetrics implements MeterBinder, AutoCloseable {

    private final AsyncBatcher<?, ?> batcher;
    private final Map<MeterRegistry, Recorder> recorders = new ConcurrentHashMap<>();

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
        if (recorders.containsKey(registry)) {
            return;
        }
        Recorder recorder = new Recorder(batcher, registry);
        if (recorders.putIfAbsent(registry, recorder) == null) {
            batcher.addListener(recorder);
        }
    }

    /** Ends the recording and removes the meters from every registry they were bound to. Doesn't stop the batcher. */
    @Override
    public void close() {
        recorders.forEach((registry, recorder) -> {
            if (recorders.remove(registry, recorder)) {
                batcher.removeListener(recorder);
                recorder.meters.forEach(registry::remove);
            }
        });
    }

    /** Holds every meter by its tag's value, so that recording looks nothing up. */
    private static final class Recorder implements BatcherListener {

        private final List<Meter> meters = new ArrayList<>();
        private final DistributionSummary batchSize;
        private final Timer queueTime;
        private final Map<BatchOutcome, Timer> batchDuration;
        private final Map<ItemOutcome, Timer> itemLatency;
        private final Map<DispatchReason, Counter> dispatches;
        private final Map<RejectionReason, Counter> rejected;

        Recorder(AsyncBatcher<?, ?> batcher, MeterRegistry registry) {
            String name = batcher.name();
            batchSize = added(DistributionSummary.builder("batcher.batch.size")
                    .description("Items per batch")
                    .tag("batcher", name)
                    .register(registry));
            queueTime = added(Timer.builder("batcher.queue.time")
                    .description("Time from an item's submission to its dispatch")
                    .tag("batcher", name)
                    .register(registry));
            batchDuration = each(
                    BatchOutcome.class,
                    outcome -> Timer.builder("batcher.batch.duration")
                            .description("Time that the processor took for a batch")
                            .tags("batcher", name, "outcome", tag(outcome))
                            .register(registry));
            itemLatency = each(
                    ItemOutcome.class,
                    outcome -> Timer.builder("batcher.item.latency")
                            .description("Time from an item's submission to its settlement")
                            .tags("batcher", name, "outcome", tag(outcome))
                            .register(registry));
            dispatches = each(
                    DispatchReason.class,
                    reason -> Counter.builder("batcher.dispatches")
                            .description("Batches that left the queue")
                            .tags("batcher", name, "reason", tag(reason))
                            .register(registry));
            rejected = each(
                    RejectionReason.class,
                    reason -> Counter.builder("batcher.rejected")
                            .description("Items that were not accepted")
                            .tags("batcher", name, "reason", tag(reason))
                            .register(registry));
            gauge(registry, batcher, "batcher.queued", "Items in no batch yet", BatcherSnapshot::queued);
            gauge(registry, batcher, "batcher.in.flight", "Items at the processor", BatcherSnapshot::inFlight);
            gauge(
                    registry,
                    batcher,
                    "batcher.batches.active",
                    "Batches in a slot, without the abandoned ones",
                    BatcherSnapshot::activeBatches);
            gauge(
                    registry,
                    batcher,
                    "batcher.batches.abandoned",
                    "Batches in a slot whose items were settled without them",
                    BatcherSnapshot::abandonedBatches);
        }

        @Override
        public void onRejected(String batcher, RejectionReason reason) {
            of(rejected, reason).increment();
        }

        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            of(dispatches, reason).increment();
            for (long nanos : queueNanos) {
                queueTime.record(nanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            batchSize.record(size);
            of(batchDuration, outcome).record(durationNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            of(itemLatency, outcome).record(latencyNanos, TimeUnit.NANOSECONDS);
        }

        private void gauge(
                MeterRegistry registry,
                AsyncBatcher<?, ?> batcher,
                String name,
                String description,
                ToIntFunction<BatcherSnapshot> value) {
            added(Gauge.builder(name, batcher, measured -> value.applyAsInt(measured.snapshot()))
                    .description(description)
                    .tag("batcher", batcher.name())
                    .register(registry));
        }

        private <E extends Enum<E>, M extends Meter> Map<E, M> each(Class<E> type, Function<E, M> registration) {
            Map<E, M> byValue = new EnumMap<>(type);
            for (E value : type.getEnumConstants()) {
                byValue.put(value, added(registration.apply(value)));
            }
            return byValue;
        }

        private <M extends Meter> M added(M meter) {
            meters.add(meter);
            return meter;
        }

        private static <E extends Enum<E>, M> M of(Map<E, M> meters, E value) {
            return Objects.requireNonNull(meters.get(value));
        }

        private static String tag(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
