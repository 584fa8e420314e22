package io.asyncbatcher.spring;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.RejectionReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * The meters of one name in one registry, for all batchers that have the name: those of two contexts, or an old one and
 * the one that replaces it. They record into the same counters and timers, and a gauge shows their sum. The meters are
 * removed with the last of them. Holds each meter by its tag's value, so that recording looks nothing up.
 *
 * <p>It is kept by the batchers that it listens to, and keeps none of them, nor is it kept by the registry: who is forgotten
 * without having been closed takes nothing along.
 */
final class SharedMeters implements BatcherListener {

    /** Guards who has meters where. Held while meters are registered and removed, so that neither overtakes the other. */
    @GuardedBy("ALL")
    private static final Map<MeterRegistry, Map<String, WeakReference<SharedMeters>>> ALL = new WeakHashMap<>();

    private final String name;
    private final List<Meter> meters = new ArrayList<>();

    /** The batchers, and how often each was bound. Guarded by itself. */
    @GuardedBy("owners")
    private final Map<AsyncBatcher<?, ?>, Integer> owners = new WeakHashMap<>();

    private final DistributionSummary batchSize;
    private final Timer queueTime;
    private final Timer rateLimitTime;
    private final Map<BatchOutcome, Timer> batchDuration;
    private final Map<ItemOutcome, Timer> itemLatency;
    private final Map<DispatchReason, Counter> dispatches;
    private final Map<RejectionReason, Counter> rejected;
    private final Counter retries;
    private final Counter deduplicated;
    private final Counter halvings;

    /** Binds a batcher; one that is bound already records no more than before. {@link #unbind} has to follow as often. */
    static SharedMeters bind(AsyncBatcher<?, ?> batcher, MeterRegistry registry) {
        synchronized (ALL) {
            Map<String, WeakReference<SharedMeters>> byName = ALL.computeIfAbsent(registry, added -> new HashMap<>());
            WeakReference<SharedMeters> known = byName.get(batcher.name());
            SharedMeters meters = known == null ? null : known.get();
            if (meters == null) {
                meters = new SharedMeters(batcher.name(), registry);
                byName.put(batcher.name(), new WeakReference<>(meters));
            }
            if (meters.use(batcher, 1) == 1) {
                batcher.addListener(meters);
            }
            return meters;
        }
    }

    /** Ends what one call of {@link #bind} has begun. */
    void unbind(AsyncBatcher<?, ?> batcher, MeterRegistry registry) {
        synchronized (ALL) {
            if (use(batcher, -1) > 0) {
                return;
            }
            batcher.removeListener(this);
            if (owners().isEmpty()) {
                Map<String, WeakReference<SharedMeters>> byName = ALL.get(registry);
                if (byName != null) {
                    byName.remove(name);
                }
                meters.forEach(registry::remove);
            }
        }
    }

    private SharedMeters(String name, MeterRegistry registry) {
        this.name = name;
        batchSize = added(DistributionSummary.builder("batcher.batch.size")
                .description("Items per batch")
                .tag("batcher", name)
                .register(registry));
        queueTime = timer(registry, "batcher.queue.time", "Time from an item's submission to its dispatch");
        rateLimitTime = timer(
                registry,
                "batcher.rate.limit.time",
                "Time for which a rate limit held queued items back though a slot was free");
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
        retries = counter(registry, "batcher.retries", "Items that were queued again to be tried again");
        deduplicated = counter(registry, "batcher.deduplicated", "Items that an equal item of their batch stood for");
        halvings = counter(registry, "batcher.halvings", "Calls of the processor that failed and were halved");
        gauges(registry);
    }

    private void gauges(MeterRegistry registry) {
        gauge(registry, "batcher.queued", "Items in no batch yet", all -> all.sum(BatcherSnapshot::queued));
        gauge(registry, "batcher.in.flight", "Items at the processor", all -> all.sum(BatcherSnapshot::inFlight));
        gauge(
                registry,
                "batcher.batches.active",
                "Batches in a slot, without the abandoned ones",
                all -> all.sum(BatcherSnapshot::activeBatches));
        gauge(
                registry,
                "batcher.batches.abandoned",
                "Batches in a slot whose items were settled without them",
                all -> all.sum(BatcherSnapshot::abandonedBatches));
        gauge(
                registry,
                "batcher.paused",
                "1 while dispatch is paused",
                all -> all.sum(snapshot -> snapshot.paused() ? 1 : 0));
        gauge(
                registry,
                "batcher.max.queue.size",
                "The limit of queued items, infinite if there is none",
                all -> all.limit(BatcherOptions::maxQueueSize));
        gauge(
                registry,
                "batcher.concurrency",
                "The limit of batches in flight, infinite if there is none",
                all -> all.limit(BatcherOptions::concurrency));
    }

    // ---- what is told ----

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

    @Override
    public void onRetried(String batcher, int items) {
        retries.increment(items);
    }

    @Override
    public void onDeduplicated(String batcher, int items) {
        deduplicated.increment(items);
    }

    @Override
    public void onHalved(String batcher, int items) {
        halvings.increment();
    }

    @Override
    public void onRateLimited(String batcher, long heldNanos) {
        rateLimitTime.record(heldNanos, TimeUnit.NANOSECONDS);
    }

    // ---- what is asked ----

    /** Changes how often a batcher is bound, and returns that. */
    private int use(AsyncBatcher<?, ?> batcher, int more) {
        synchronized (owners) {
            Integer uses = owners.merge(batcher, more, (before, added) -> before + added == 0 ? null : before + added);
            return uses == null ? 0 : uses;
        }
    }

    private List<AsyncBatcher<?, ?>> owners() {
        synchronized (owners) {
            return new ArrayList<>(owners.keySet());
        }
    }

    private double sum(ToIntFunction<BatcherSnapshot> value) {
        return owners().stream().map(AsyncBatcher::snapshot).mapToInt(value).sum();
    }

    /** The limit of those that accept items; one that has been replaced doesn't. */
    private double limit(ToIntFunction<BatcherOptions> option) {
        List<AsyncBatcher<?, ?>> all = owners();
        List<AsyncBatcher<?, ?>> running =
                all.stream().filter(AsyncBatcher::isRunning).toList();
        return (running.isEmpty() ? all : running)
                .stream()
                        .map(AsyncBatcher::options)
                        .mapToInt(option)
                        .mapToDouble(limit -> limit < 0 ? Double.POSITIVE_INFINITY : limit)
                        .sum();
    }

    // ---- registration ----

    private Timer timer(MeterRegistry registry, String meter, String description) {
        return added(Timer.builder(meter)
                .description(description)
                .tag("batcher", name)
                .register(registry));
    }

    private Counter counter(MeterRegistry registry, String meter, String description) {
        return added(Counter.builder(meter)
                .description(description)
                .tag("batcher", name)
                .register(registry));
    }

    /** One that is there already asks somebody who has been forgotten. */
    private void gauge(MeterRegistry registry, String meter, String description, ToDoubleFunction<SharedMeters> value) {
        registry.removeByPreFilterId(new Meter.Id(meter, Tags.of("batcher", name), null, null, Meter.Type.GAUGE));
        added(Gauge.builder(meter, this, value)
                .description(description)
                .tag("batcher", name)
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
