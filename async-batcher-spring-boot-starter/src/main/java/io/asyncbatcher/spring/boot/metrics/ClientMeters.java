package io.asyncbatcher.spring.boot.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.grpc.RemoteItem;
import io.asyncbatcher.spring.boot.settings.Notation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a worker measures of each client's items. These are meters of their own, because some registries want all meters of a name
 * to have the same tags. Clients choose their names, so that only so many of them have a tag value; the others share one.
 */
final class ClientMeters implements BatcherListener, AutoCloseable {

    private static final String OTHERS = "other";
    private static final String WITHOUT_NAME = "unnamed";
    private static final int LONGEST_NAME = 100;

    private final String batcher;
    private final MeterRegistry registry;
    private final int limit;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();

    @SuppressWarnings("ThreadLocalUsage") // who is current for one batcher says nothing of another
    private final ThreadLocal<Client> current = new ThreadLocal<>();

    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable Client others;

    /**
     * Registers nothing before the first item comes.
     *
     * @param limit how many clients have a tag value of their own
     */
    ClientMeters(String batcher, MeterRegistry registry, int limit) {
        this.batcher = batcher;
        this.registry = registry;
        this.limit = limit;
    }

    @Override
    public @Nullable ListenerContext onSubmitted(String name) {
        return submitting();
    }

    @Override
    public void onRejected(String name, RejectionReason reason) {
        Client client = submitting();
        if (client != null) {
            Objects.requireNonNull(client.rejected.get(reason)).increment();
        }
    }

    @Override
    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
        Client client = current.get();
        if (client != null) {
            Objects.requireNonNull(client.latency.get(outcome)).record(latencyNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Whose item is being submitted on this thread; null if it is the worker's own. */
    private @Nullable Client submitting() {
        RemoteItem item = RemoteItem.current();
        return item == null ? null : client(item.client());
    }

    private Client client(String said) {
        String name = said.isEmpty() ? WITHOUT_NAME : said.substring(0, Math.min(said.length(), LONGEST_NAME));
        Client known = clients.get(name);
        if (known != null) {
            return known;
        }
        synchronized (lock) {
            if (clients.size() < limit) {
                return clients.computeIfAbsent(name, Client::new);
            }
            if (others == null) {
                others = clients.getOrDefault(OTHERS, new Client(OTHERS));
            }
            return others;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            clients.values().forEach(Client::remove);
            if (others != null) {
                others.remove();
            }
        }
    }

    /** The meters of one client, current while the end of one of its items is told. */
    private final class Client implements ListenerContext {

        private final Map<ItemOutcome, Timer> latency;
        private final Map<RejectionReason, Counter> rejected;

        Client(String name) {
            latency = each(
                    ItemOutcome.class,
                    outcome -> Timer.builder("batcher.client.latency")
                            .description("Time from an item's submission to its settlement, by client")
                            .tags(tags(name, "outcome", outcome))
                            .register(registry));
            rejected = each(
                    RejectionReason.class,
                    reason -> Counter.builder("batcher.client.rejected")
                            .description("Items that were not accepted, by client")
                            .tags(tags(name, "reason", reason))
                            .register(registry));
        }

        private Tags tags(String name, String key, Enum<?> value) {
            return Tags.of("batcher", batcher, "client", name, key, Notation.text(value));
        }

        private static <E extends Enum<E>, M extends Meter> Map<E, M> each(Class<E> type, Function<E, M> registered) {
            Map<E, M> byValue = new EnumMap<>(type);
            for (E value : type.getEnumConstants()) {
                byValue.put(value, registered.apply(value));
            }
            return byValue;
        }

        void remove() {
            latency.values().forEach(registry::remove);
            rejected.values().forEach(registry::remove);
        }

        @Override
        public Scope open() {
            Client before = current.get();
            current.set(this);
            return () -> {
                if (before == null) {
                    current.remove();
                } else {
                    current.set(before);
                }
            };
        }
    }
}
