package io.asyncbatcher.grpc;

import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.TimeSource;
import io.asyncbatcher.grpc.wire.Hello;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a {@link GrpcBatcher}. Not thread-safe. Each setter throws {@link NullPointerException} for null.
 *
 * @param <T> the item
 * @param <R> its result
 */
public final class GrpcBatcherBuilder<T, R extends @Nullable Object> {

    /** The default of {@code itemTimeout}. */
    public static final Duration DEFAULT_ITEM_TIMEOUT = Duration.ofSeconds(30);

    /** A frame's weight is its size; gRPC's default limit, less what is not an item. */
    private static final long MAX_WEIGHT = Wire.MAX_FRAME_BYTES - 2L * Wire.FRAME_BYTES;

    private static final int LANES = 16;

    private final Codec<T> items;
    private final Codec<R> results;
    private BatcherOptions options;
    private Routing routing = Routing.PICK_FIRST;
    private boolean idempotent;
    private String clientName = "";
    private ChannelCredentials credentials = InsecureChannelCredentials.create();
    private TimeSource time = TimeSource.system();
    private DoubleSupplier jitter = () -> ThreadLocalRandom.current().nextDouble(0.8, 1.2);

    private @Nullable String target;

    private @Nullable ManagedChannel channel;

    private @Nullable CallCredentials callCredentials;

    private @Nullable Function<? super T, ?> partitioner;

    private @Nullable TracePropagation tracing;

    private @Nullable BatcherListener listener;

    private @Nullable Executor executor;

    private @Nullable Executor completionExecutor;

    GrpcBatcherBuilder(String name, Codec<T> items, Codec<R> results) {
        this.items = Objects.requireNonNull(items, "items");
        this.results = Objects.requireNonNull(results, "results");
        this.options = ofClient(BatcherOptions.defaults().withName(name).withMaxBatchSize(1_000));
    }

    /**
     * Sets the addresses of the workers. Required unless there is a {@link #channel}.
     *
     * @param target a target of gRPC: {@code dns:///pricing:9090}, with one worker for each address of the name, or a list of
     *     workers, {@code list:///pricing-1:9090,pricing-2:9090}
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> target(String target) {
        this.target = Objects.requireNonNull(target, "target");
        return this;
    }

    /**
     * Sets the channel. Then target, credentials and routing are those of the channel, and its owner closes it. Build it with
     * {@code directExecutor}, which gRPC for Java needs for speed.
     *
     * @param channel a channel that stays open when the batcher is closed
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> channel(ManagedChannel channel) {
        this.channel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Sets the credentials of the channel, for example {@code TlsChannelCredentials}. By default, the connection is not
     * encrypted.
     *
     * @param credentials the credentials of the channel
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> credentials(ChannelCredentials credentials) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        return this;
    }

    /**
     * Sets the call credentials of each stream, for example a token. Default: none.
     *
     * @param callCredentials the credentials of each stream
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> callCredentials(CallCredentials callCredentials) {
        this.callCredentials = Objects.requireNonNull(callCredentials, "callCredentials");
        return this;
    }

    /**
     * Sets which worker gets an item, if there are several. Default: {@link Routing#PICK_FIRST}.
     *
     * @param routing the policy
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> routing(Routing routing) {
        this.routing = Objects.requireNonNull(routing, "routing");
        return this;
    }

    /**
     * Sets the partition key of items. Items with the same key keep their order on the way. With {@link Routing#HASH} they are
     * sent to one worker. At the worker, {@link RemoteItem#partitionKey} returns the key. Default: none.
     *
     * @param key the {@code toString} of its result is the key; called once for each item, by the submitting thread
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> partitionBy(Function<? super T, ?> key) {
        this.partitioner = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * Sets whether an item may be processed twice. If so, an item of a lost worker is sent once more, to the next worker of the
     * client. Default: false.
     *
     * @param idempotent whether an item may run twice
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> idempotent(boolean idempotent) {
        this.idempotent = idempotent;
        return this;
    }

    /**
     * Sets the name of this client, for the meters of the workers. Default: none.
     *
     * @param clientName a name without control characters
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> clientName(String clientName) {
        this.clientName = Objects.requireNonNull(clientName, "clientName");
        return this;
    }

    /**
     * Sets how the traces of callers are sent to the worker. By default, they are not sent.
     *
     * @param tracing reads and restores the context
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> tracing(TracePropagation tracing) {
        this.tracing = Objects.requireNonNull(tracing, "tracing");
        return this;
    }

    /**
     * Sets the plain settings. {@link GrpcBatcher} describes their meaning for a client. The name does not change.
     *
     * @param options the plain options
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> options(BatcherOptions options) {
        this.options = ofClient(options.withName(this.options.name()));
        return this;
    }

    /**
     * The plain settings so far.
     *
     * @return the plain options
     */
    public BatcherOptions options() {
        return options;
    }

    /**
     * Sets where frames are written. Default: threads of the batcher.
     *
     * @param executor runs tasks that may block
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets where results are decoded and continuations of callers run, with one task for each frame. Default: threads of the
     * batcher.
     *
     * @param completionExecutor runs continuations of callers
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> completionExecutor(Executor completionExecutor) {
        this.completionExecutor = Objects.requireNonNull(completionExecutor, "completionExecutor");
        return this;
    }

    /**
     * Sets a listener. Default: none.
     *
     * @param listener gets all events
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> listener(BatcherListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Sets clock and alarms. Default: {@link TimeSource#system}.
     *
     * @param time clock and alarms
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> time(TimeSource time) {
        this.time = Objects.requireNonNull(time, "time");
        return this;
    }

    /** Sets what spreads tries over time; for tests that repeat a run. */
    void jitter(DoubleSupplier factors) {
        this.jitter = factors;
    }

    /**
     * Builds and starts the client. It connects to a worker when the first item is submitted.
     *
     * @return a running batcher
     * @throws IllegalStateException if there is neither target nor channel, if items are routed by hash without a partition key,
     *     or if the policy of gRPC for hashing is not on the class path
     */
    public GrpcBatcher<T, R> build() {
        if (target == null && channel == null) {
            throw new IllegalStateException("The client of batcher '" + options.name()
                    + "' doesn't know where its workers are; set a target, such as dns:///pricing:9090, or a channel");
        }
        if (routing == Routing.HASH && partitioner == null) {
            throw new IllegalStateException("The client of batcher '" + options.name()
                    + "' routes by hash, but nothing says what is hashed; set partitionBy");
        }
        CallOptions callOptions = callCredentials == null
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withCallCredentials(callCredentials);
        ManagedChannel used =
                channel != null ? channel : Channels.open(Objects.requireNonNull(target), routing, credentials);
        Link link = new Link(used, callOptions);
        TimeSource clock = time;
        LaneSetup setup = new LaneSetup(
                options.name(),
                link,
                hello(),
                clock,
                executor,
                new CallEnds(options.name(), clock, completionExecutor != null ? completionExecutor : clock::offload),
                idempotent,
                partitioner != null,
                routing != Routing.PICK_FIRST,
                jitter);
        List<Lane> lanes = IntStream.range(0, routing == Routing.PICK_FIRST ? 1 : LANES)
                .mapToObj(number -> new Lane(setup, number, options))
                .toList();
        GrpcBatcher<T, R> built = new GrpcBatcher<>(
                options.name(),
                target != null ? target : used.authority(),
                channel == null,
                new CallFactory<>(items, results, partitioner, tracing, clock),
                link,
                lanes);
        if (listener != null) {
            built.addListener(listener);
        }
        return built;
    }

    private Hello hello() {
        return Hello.newBuilder()
                .setVersion(Wire.VERSION)
                .setOldestVersion(Wire.OLDEST_VERSION)
                .setBatcher(options.name())
                .setItemCodec(items.name())
                .setResultCodec(results.name())
                .setClient(clientName)
                .build();
    }

    /** The options as they are in force at a client: those that say nothing here have the one value that they can have. */
    static BatcherOptions ofClient(BatcherOptions options) {
        long weight = options.maxBatchWeight();
        return options.withConcurrency(1)
                .withDispatch(DispatchMode.NATURAL)
                .withDeduplicate(false)
                .withBatchTimeout(null)
                .withMaxBatchWeight(weight == -1 ? MAX_WEIGHT : Math.min(weight, MAX_WEIGHT))
                .withItemTimeout(Objects.requireNonNullElse(options.itemTimeout(), DEFAULT_ITEM_TIMEOUT));
    }
}
