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
 * Collects the settings of a new {@link GrpcBatcher}. Not safe for use by several threads at once. Each setter throws {@link
 * NullPointerException} for null.
 *
 * @param <T> the item
 * @param <R> its result
 */
public final class GrpcBatcherBuilder<T, R extends @Nullable Object> {

    /** How long an item may take that has no timeout of its own, unless the option says otherwise. */
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
     * Sets where workers are. Needed, unless there is a {@link #channel}.
     *
     * @param target as gRPC names it: {@code dns:///pricing:9090}, with one worker for each address that the name has; or a list of
     *     workers, {@code list:///pricing-1:9090,pricing-2:9090}
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> target(String target) {
        this.target = Objects.requireNonNull(target, "target");
        return this;
    }

    /**
     * Sets the channel, which remains its owner's: with it target, credentials and routing are what the channel was built with.
     * gRPC for Java needs {@code directExecutor} of it to be quick.
     *
     * @param channel stays open when the batcher is closed, unless it says otherwise
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> channel(ManagedChannel channel) {
        this.channel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Sets how the connection is secured: {@code TlsChannelCredentials}. Default: not at all.
     *
     * @param credentials of the channel
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> credentials(ChannelCredentials credentials) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        return this;
    }

    /**
     * Sets what a stream brings to show who opens it: a token, for instance. Default: nothing.
     *
     * @param callCredentials of each stream
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> callCredentials(CallCredentials callCredentials) {
        this.callCredentials = Objects.requireNonNull(callCredentials, "callCredentials");
        return this;
    }

    /**
     * Sets which worker gets an item, where there are several. Default: {@link Routing#PICK_FIRST}.
     *
     * @param routing which worker an item goes to
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> routing(Routing routing) {
        this.routing = Objects.requireNonNull(routing, "routing");
        return this;
    }

    /**
     * Sets an item's partition key: items with the same key keep their order on the way, and with {@link Routing#HASH} go to
     * one worker. The worker's batcher sees it by {@link RemoteItem#partitionKey}. Default: none.
     *
     * @param key its {@code toString} is the key; called once an item, by the submitting thread
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> partitionBy(Function<? super T, ?> key) {
        this.partitioner = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * Declares that processing an item twice does no harm. An item of a worker that was lost is then sent once more, to the
     * worker that the client has next. Default: false.
     *
     * @param idempotent whether an item may run twice
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> idempotent(boolean idempotent) {
        this.idempotent = idempotent;
        return this;
    }

    /**
     * Sets the name that workers know this client by, for their meters. Default: none.
     *
     * @param clientName a name without control characters
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> clientName(String clientName) {
        this.clientName = Objects.requireNonNull(clientName, "clientName");
        return this;
    }

    /**
     * Sets how the callers' traces get to the worker. Default: not at all.
     *
     * @param tracing reads and restores the context
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> tracing(TracePropagation tracing) {
        this.tracing = Objects.requireNonNull(tracing, "tracing");
        return this;
    }

    /**
     * Sets the plain settings, of which {@link GrpcBatcher} says what they mean here. The name stays.
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
     * Sets where frames are written. Default: threads of the batchers' own.
     *
     * @param executor runs what would block
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets where results are decoded and callers' continuations run, one task a frame. Default: threads of the batchers' own.
     *
     * @param completionExecutor runs callers' continuations
     * @return this builder
     */
    public GrpcBatcherBuilder<T, R> completionExecutor(Executor completionExecutor) {
        this.completionExecutor = Objects.requireNonNull(completionExecutor, "completionExecutor");
        return this;
    }

    /**
     * Sets a first observer. Default: none.
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
     * Makes the client; it is started, and looks for a worker when the first item comes.
     *
     * @return the batcher, which has begun to connect
     * @throws IllegalStateException if there is neither target nor channel, if items are routed by hash and there is no
     *     partition key, or if gRPC's policy for that isn't there
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
