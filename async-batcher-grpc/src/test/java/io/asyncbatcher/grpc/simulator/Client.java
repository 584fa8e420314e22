package io.asyncbatcher.grpc.simulator;

import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.grpc.GrpcBatcher;
import io.asyncbatcher.grpc.GrpcBatcherBuilder;
import io.asyncbatcher.grpc.Routing;
import io.asyncbatcher.grpc.SeededJitter;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of a run, with a channel of its own that can be held back and cut. */
final class Client implements BatcherListener, ClientInterceptor {

    /** Tells a stream's two ends that they belong together. */
    static final Metadata.Key<String> STREAM = Metadata.Key.of("stream", Metadata.ASCII_STRING_MARSHALLER);

    /** Frames that are on their way in one direction, at most. */
    private static final int IN_NETWORK = 4;

    /** With these ends, what is in the network is lost. */
    private static final Set<Status.Code> LOST = EnumSet.of(Status.Code.CANCELLED, Status.Code.UNAVAILABLE);

    final int number;
    final GrpcBatcher<String, String> batcher;
    final ManagedChannel channel;
    private final Map<String, Call<?, ?>> calls = new LinkedHashMap<>();
    private boolean reads = true;
    private boolean writes = true;
    private int streams;

    @Nullable
    CompletableFuture<Void> stopping;

    int submitted;
    int told;

    Client(int number, World world) {
        Settings settings = world.settings;
        this.number = number;
        channel = InProcessChannelBuilder.forName(world.address)
                .directExecutor()
                .scheduledExecutorService(world.timers)
                .idleTimeout(365, TimeUnit.DAYS) // = never; it would go by the real clock
                .intercept(this)
                .build();
        GrpcBatcherBuilder<String, String> builder = GrpcBatcher.builder(
                        World.NAME, Nature.TextCodec.ofItems(), Nature.TextCodec.ofResults())
                .channel(channel)
                .clientName("client-" + number)
                .idempotent(settings.idempotent())
                .options(settings.ofClient())
                .listener(this)
                .executor(Runnable::run)
                .time(world.time);
        if (settings.keyed()) {
            builder.partitionBy(world::isSubmitted);
        }
        if (settings.manyLanes()) {
            builder.routing(Routing.ROUND_ROBIN);
        }
        SeededJitter.set(builder, world.timing);
        batcher = builder.build();
    }

    @Override
    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
        told++;
    }

    @Override
    public void onRejected(String name, RejectionReason reason) {
        told++;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new Call<>(next.newCall(method, options), number + "-" + streams++);
    }

    List<String> streams() {
        return List.copyOf(calls.keySet());
    }

    /** The connection breaks under a stream. */
    void cut(String stream) {
        Call<?, ?> call = calls.get(stream);
        if (call != null) {
            call.cut();
        }
    }

    /** Whether answers get to the client, or wait in the network. */
    void reads(boolean now) {
        reads = now;
        List.copyOf(calls.values()).forEach(Call::flow);
    }

    boolean reads() {
        return reads;
    }

    /** Whether frames get to the worker, or wait in the network. */
    void writes(boolean now) {
        writes = now;
        List.copyOf(calls.values()).forEach(Call::flow);
    }

    boolean writes() {
        return writes;
    }

    /** Whether no stream is going to its end. */
    boolean isSteady() {
        return calls.values().stream().noneMatch(call -> call.halfClosed);
    }

    /** One stream, with the frames that are in the network between its two ends. */
    private final class Call<Q, A> extends ForwardingClientCall.SimpleForwardingClientCall<Q, A> {

        private final String stream;
        private final Deque<Runnable> toWorker = new ArrayDeque<>();
        private final Deque<Runnable> toClient = new ArrayDeque<>();
        private int wanted;
        private boolean delivering;
        private boolean halfClosed;
        private boolean comesClosed;
        private boolean isCut;

        @SuppressWarnings("NullAway.Init") // by start
        private Listener<A> listener;

        Call(ClientCall<Q, A> call, String stream) {
            super(call);
            this.stream = stream;
        }

        @Override
        public void start(Listener<A> to, Metadata headers) {
            listener = to;
            calls.put(stream, this);
            headers.put(STREAM, stream);
            super.start(
                    new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(to) {
                        @Override
                        public void onMessage(A message) {
                            toClient.add(() -> {
                                wanted--;
                                Call.super.request(1);
                                super.onMessage(message);
                            });
                            deliver();
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            if (LOST.contains(status.getCode())) {
                                closed(status);
                            } else {
                                comesClosed = true;
                                wanted++; // it needs no request
                                toClient.add(() -> closed(status));
                                deliver();
                            }
                        }
                    },
                    headers);
            super.request(IN_NETWORK);
        }

        private void closed(Status status) {
            calls.remove(stream);
            toClient.clear();
            listener.onClose(status, new Metadata());
        }

        void cut() {
            toWorker.clear();
            isCut = true;
            if (comesClosed) {
                closed(Status.CANCELLED);
            } else {
                super.cancel("cut", null);
            }
        }

        @Override
        public void request(int messages) {
            wanted += messages;
            deliver();
        }

        /** In order, and none inside another. */
        private void deliver() {
            if (!delivering) {
                delivering = true;
                while (reads && wanted > 0 && !toClient.isEmpty()) {
                    toClient.remove().run();
                }
                delivering = false;
            }
        }

        @Override
        public boolean isReady() {
            return writes ? super.isReady() : toWorker.size() < IN_NETWORK;
        }

        @Override
        public void sendMessage(Q message) {
            send(() -> super.sendMessage(message));
        }

        @Override
        public void halfClose() {
            halfClosed = true;
            send(super::halfClose);
        }

        @Override
        public void cancel(@Nullable String why, @Nullable Throwable cause) {
            toWorker.clear();
            super.cancel(why, cause);
        }

        private void send(Runnable what) {
            toWorker.add(what);
            if (writes) {
                sendAll();
            }
        }

        void sendAll() {
            while (!isCut && !toWorker.isEmpty()) {
                toWorker.remove().run();
            }
        }

        void flow() {
            if (writes) {
                sendAll();
                listener.onReady();
            }
            deliver();
        }
    }
}
