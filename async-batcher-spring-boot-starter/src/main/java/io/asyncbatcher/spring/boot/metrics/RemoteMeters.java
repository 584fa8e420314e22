package io.asyncbatcher.spring.boot.metrics;

import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.RemoteStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The meters of a batcher of another application that other batchers don't have. */
final class RemoteMeters implements AutoCloseable {

    private final MeterRegistry registry;
    private final List<Meter> meters;

    RemoteMeters(RemoteBatcher<?, ?> batcher, MeterRegistry registry) {
        this.registry = registry;
        String name = batcher.name();
        meters = List.of(
                Gauge.builder(
                                "batcher.remote.workers",
                                batcher,
                                remote -> remote.status().workers().size())
                        .description("Workers that the client is connected to")
                        .tag("batcher", name)
                        .register(registry),
                FunctionCounter.builder(
                                "batcher.remote.connects",
                                batcher,
                                remote -> remote.status().connects())
                        .description("Streams to workers that have been opened")
                        .tag("batcher", name)
                        .register(registry),
                bytes(batcher, registry, "sent"),
                bytes(batcher, registry, "received"),
                FunctionTimer.builder(
                                "batcher.remote.round.trip",
                                batcher,
                                remote -> remote.status().answers(),
                                remote -> remote.status().roundTripNanos(),
                                TimeUnit.NANOSECONDS)
                        .description("Time from sending an item to its answer, processing included")
                        .tag("batcher", name)
                        .register(registry));
    }

    private static Meter bytes(RemoteBatcher<?, ?> batcher, MeterRegistry registry, String direction) {
        return FunctionCounter.builder("batcher.remote.bytes", batcher, remote -> {
                    RemoteStatus status = remote.status();
                    return direction.equals("sent") ? status.sentBytes() : status.receivedBytes();
                })
                .description("Bytes of items and results, before encryption")
                .baseUnit("bytes")
                .tag("batcher", batcher.name())
                .tag("direction", direction)
                .register(registry);
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
