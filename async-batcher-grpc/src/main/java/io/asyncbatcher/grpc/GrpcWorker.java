package io.asyncbatcher.grpc;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.TimeSource;
import io.grpc.BindableService;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC service that exposes batchers of this process to {@link GrpcBatcher} clients in other processes, for any server. Only
 * batchers that are {@linkplain Builder#expose exposed} can be reached, each by its name.
 *
 * <pre>{@code
 * GrpcWorker worker = GrpcWorker.builder().expose(prices, skuCodec, priceCodec).build();
 * WorkerServer server = WorkerServer.start(worker, Grpc.newServerBuilderForPort(9090, credentials));
 * }</pre>
 *
 * <p>A server that is not a {@link WorkerServer} must permit the keepalive of the clients; {@link #configure} does this. To stop
 * it, shut down the server first, so that clients connect to another worker. Then {@link #drain} the worker before the server
 * ends. Stop the batchers after that.
 *
 * <p>Items are decoded and submitted on a thread of the server, one after the other for each stream. An exposed batcher with
 * {@link io.asyncbatcher.OverflowPolicy#BLOCK} blocks this thread, and so the stream. Thread-safe.
 */
public final class GrpcWorker implements BindableService {

    /** The interval of keepalive pings that a server must permit; clients send them less often. */
    private static final long PERMITTED_KEEPALIVE_SECONDS = 10;

    private final Map<String, Exposed<?, ?>> exposed;
    private final WorkerSetup setup;
    private final Set<WorkerStream> streams = Collections.synchronizedSet(new LinkedHashSet<>());
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    private GrpcWorker(Builder builder) {
        exposed = Map.copyOf(builder.exposed);
        setup = new WorkerSetup(
                builder.name,
                builder.window,
                builder.failureMessages,
                builder.tracing,
                builder.maxStreamAge,
                builder.time);
    }

    /**
     * Returns a builder for a worker.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Configures a server for this service: the size of messages, and the keepalive of the clients.
     *
     * @param server the builder to configure
     */
    public static void configure(ServerBuilder<?> server) {
        server.maxInboundMessageSize(Wire.MAX_FRAME_BYTES)
                .permitKeepAliveTime(PERMITTED_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(Wire.SERVICE)
                .addMethod(Wire.METHOD, (call, headers) -> {
                    WorkerStream stream = new WorkerStream(call, exposed, setup, this::ended);
                    streams.add(stream);
                    stream.open();
                    if (draining) {
                        stream.drain();
                    }
                    return stream;
                })
                .build();
    }

    /**
     * The names of the batchers that clients can reach.
     *
     * @return the names
     */
    public Set<String> exposed() {
        return new LinkedHashSet<>(exposed.keySet());
    }

    /**
     * The number of streams that clients have open.
     *
     * @return the number
     */
    public int streams() {
        return streams.size();
    }

    /**
     * Accepts no more items: tells all clients to use other workers, returns items that arrive after that, and answers the
     * accepted items. This cannot be undone.
     *
     * @return completes when all streams have ended
     */
    public CompletableFuture<Void> drain() {
        draining = true;
        List.copyOf(streams).forEach(WorkerStream::drain); // in the order in which they were opened
        endIfDrained();
        return drained.copy();
    }

    private void ended(WorkerStream stream) {
        streams.remove(stream);
        endIfDrained();
    }

    private void endIfDrained() {
        if (draining && streams.isEmpty()) {
            drained.complete(null);
        }
    }

    /** Builder of a worker. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Exposed<?, ?>> exposed = new LinkedHashMap<>();
        private String name = "pid-" + ProcessHandle.current().pid();
        private int window = 10_000;
        private boolean failureMessages;

        private @Nullable TracePropagation tracing;

        private @Nullable Duration maxStreamAge;

        private TimeSource time = TimeSource.system();

        private Builder() {}

        /**
         * Exposes a batcher by its name.
         *
         * @param batcher gets the items of clients; its owner starts and stops it
         * @param items the codec of the items, as at the clients
         * @param results the codec of the results, as at the clients
         * @param <T> the item
         * @param <R> the result
         * @return this builder
         * @throws IllegalArgumentException if one of that name is exposed already
         */
        public <T, R extends @Nullable Object> Builder expose(
                AsyncBatcher<T, R> batcher, Codec<T> items, Codec<R> results) {
            Exposed<T, R> added = new Exposed<>(batcher, items, results);
            if (exposed.putIfAbsent(batcher.name(), added) != null) {
                throw new IllegalArgumentException("A batcher named '" + batcher.name() + "' is exposed already");
            }
            return this;
        }

        /**
         * Sets the name of this worker for clients. Default: made of the process id.
         *
         * @param name not empty
         * @return this builder
         */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the maximum number of items of one stream that are queued or in flight at the worker. Default: 10,000.
         *
         * @param window at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less than one
         */
        public Builder window(int window) {
            if (window < 1) {
                throw new IllegalArgumentException("window must be at least 1, but is " + window);
            }
            this.window = window;
            return this;
        }

        /**
         * Sets whether clients get the messages of failures of processors, and not only their class names. A message may contain
         * an item. Default: false.
         *
         * @param failureMessages whether messages are sent
         * @return this builder
         */
        public Builder failureMessages(boolean failureMessages) {
            this.failureMessages = failureMessages;
            return this;
        }

        /**
         * Sets how the traces of callers are made current while their items are submitted. By default, they are not.
         *
         * @param tracing reads and restores the context
         * @return this builder
         */
        public Builder tracing(TracePropagation tracing) {
            this.tracing = Objects.requireNonNull(tracing, "tracing");
            return this;
        }

        /**
         * Sets the time after which a stream is ended gracefully, so that the client opens a new one. Together with
         * {@code maxConnectionAge} of the server, this makes clients return to the first of several workers. Default: never.
         *
         * @param maxStreamAge longer than zero
         * @return this builder
         */
        public Builder maxStreamAge(Duration maxStreamAge) {
            this.maxStreamAge = Objects.requireNonNull(maxStreamAge, "maxStreamAge");
            return this;
        }

        /**
         * Sets clock and alarms. Default: {@link TimeSource#system}.
         *
         * @param time clock and alarms
         * @return this builder
         */
        public Builder time(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Builds the worker.
         *
         * @return the worker
         */
        public GrpcWorker build() {
            return new GrpcWorker(this);
        }
    }
}
