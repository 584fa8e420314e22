package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.grpc.Codec;
import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.grpc.RemoteItem;
import io.asyncbatcher.grpc.wire.Answer;
import io.asyncbatcher.grpc.wire.ClientFrame;
import io.asyncbatcher.grpc.wire.Item;
import io.asyncbatcher.grpc.wire.WorkerFrame;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A worker of a run, from its start to its end, and both ends of what it says on the wire. */
final class Worker implements ServerInterceptor {

    /** Which batcher it exposes, and how. */
    enum Kind {
        GOOD,
        OTHER_CODEC,
        OTHER_NAME
    }

    /** A batch that the processor has begun. */
    private record Begun(List<String> items, CompletableFuture<List<Outcome<@Nullable String>>> end) {}

    final Kind kind;
    final AsyncBatcher<String, @Nullable String> batcher;
    final GrpcWorker worker;
    private final World world;
    private final Server server;
    private final List<Begun> begun = new ArrayList<>();
    private final Map<String, Stream<?, ?>> streams = new LinkedHashMap<>();
    private boolean reads = true;

    @Nullable
    CompletableFuture<Void> drained;

    Worker(Kind kind, World world) {
        Settings settings = world.settings;
        this.kind = kind;
        this.world = world;
        AsyncBatcher.Builder<String, @Nullable String> builder = AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.<String, @Nullable String>withOutcomes(this::begin))
                .options(settings.ofWorker())
                .time(world.time)
                .executor(Runnable::run);
        if (kind == Kind.OTHER_NAME) {
            builder.name("another");
        }
        if (settings.partitions()) {
            builder.partitionBy(item -> {
                RemoteItem from = Objects.requireNonNull(RemoteItem.current());
                return from.client() + "/" + from.partitionKey();
            });
        }
        batcher = builder.build();
        Codec<String> items =
                kind == Kind.OTHER_CODEC ? new Nature.TextCodec("other", "ITEM") : Nature.TextCodec.ofItems();
        GrpcWorker.Builder workers = GrpcWorker.builder()
                .expose(batcher, items, Nature.TextCodec.ofResults())
                .window(settings.window())
                .time(world.time);
        if (settings.streamAgeMillis() > 0) {
            workers.maxStreamAge(Duration.ofMillis(settings.streamAgeMillis()));
        }
        worker = workers.build();
        try {
            server = InProcessServerBuilder.forName(world.address)
                    .directExecutor()
                    .scheduledExecutorService(world.timers)
                    .intercept(this)
                    .addService(worker)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // The processor.

    private CompletionStage<List<Outcome<@Nullable String>>> begin(List<String> batch) {
        world.hasBegun(batch);
        Begun one = new Begun(batch, new CompletableFuture<>());
        if (world.random.nextInt(4) == 0) {
            end(one, 0);
        } else {
            begun.add(one);
        }
        return one.end;
    }

    int begun() {
        return begun.size();
    }

    /** Ends one of the batches that have begun, in one of many ways. */
    void endOne(SplittableRandom random) {
        if (!begun.isEmpty()) {
            end(begun.remove(random.nextInt(begun.size())), random.nextInt(20));
        }
    }

    private static void end(Begun batch, int how) {
        List<Outcome<@Nullable String>> outcomes = new ArrayList<>();
        for (String item : batch.items) {
            outcomes.add(
                    how == 1 && item.hashCode() % 2 == 0
                            ? Outcome.failure(new IllegalStateException("planted"))
                            : Outcome.success(Nature.resultOf(item)));
        }
        switch (how) {
            case 2 -> batch.end.completeExceptionally(new IllegalStateException("planted"));
            case 3 -> batch.end.completeExceptionally(new QueueFullException("of another batcher"));
            case 4 -> batch.end.cancel(false);
            case 5 -> batch.end.complete(List.of());
            default -> batch.end.complete(outcomes);
        }
    }

    // Its life.

    /** Stops gracefully: another may start at the address at once. */
    void stop() {
        server.shutdown();
        drained = worker.drain();
    }

    /** Its process is gone. Streams are cut one by one, because gRPC's own order isn't always the same. */
    void kill() {
        List.copyOf(streams.keySet()).forEach(world::cut);
        server.shutdownNow();
    }

    void close() {
        server.shutdownNow();
    }

    /** Whether items are read, or wait in the connection. */
    void reads(boolean now) {
        reads = now;
        if (reads) {
            List.copyOf(streams.values()).forEach(Stream::read);
        }
    }

    boolean reads() {
        return reads;
    }

    /** Whether it would read what comes next, on each stream. */
    boolean isBelowWindow() {
        return streams.values().stream().allMatch(stream -> stream.open.size() < world.settings.window());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Stream<Q, A> stream = new Stream<>(call, Objects.requireNonNull(headers.get(Client.STREAM)));
        streams.put(stream.name, stream);
        return stream.listener(next.startCall(stream, headers));
    }

    /** What goes over one stream: each item is answered once, and none is read while the window is full. */
    private final class Stream<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {

        private final String name;
        private final Set<Long> known = new HashSet<>();
        private final Set<Long> open = new HashSet<>();
        private int asked;

        Stream(ServerCall<Q, A> call, String name) {
            super(call);
            this.name = name;
        }

        ServerCall.Listener<Q> listener(ServerCall.Listener<Q> listener) {
            return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
                @Override
                public void onMessage(Q message) {
                    world.watch(() -> come((ClientFrame) message));
                    super.onMessage(message);
                }

                @Override
                public void onCancel() {
                    streams.remove(name);
                    super.onCancel();
                }

                @Override
                public void onComplete() {
                    streams.remove(name);
                    super.onComplete();
                }
            };
        }

        private void come(ClientFrame frame) {
            Violation.unless(open.size() < world.settings.window(), "window", open.size() + " items");
            for (Item item : frame.getItemsList()) {
                Violation.unless(known.add(item.getId()) && open.add(item.getId()), "numbers once", item.getId());
            }
        }

        @Override
        public void sendMessage(A message) {
            world.watch(() -> {
                for (Answer answer : ((WorkerFrame) message).getAnswersList()) {
                    Violation.unless(open.remove(answer.getId()), "answered once", answer.getId());
                }
            });
            super.sendMessage(message);
        }

        @Override
        public void request(int messages) {
            if (reads) {
                super.request(messages);
            } else {
                asked += messages;
            }
        }

        void read() {
            if (asked > 0) {
                int messages = asked;
                asked = 0;
                super.request(messages);
            }
        }
    }
}
