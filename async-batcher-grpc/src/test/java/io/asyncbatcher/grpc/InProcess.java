package io.asyncbatcher.grpc;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Client and worker in one process, on virtual time and on the test's thread: a call returns when everything has happened that
 * can happen without time or {@link #batches} moving on.
 */
final class InProcess implements AutoCloseable {

    final VirtualTime time = new VirtualTime();

    /** Where the worker's batches wait to be run. */
    final HandRunExecutor batches = new HandRunExecutor();

    /** The batches that the worker's processor was called with. */
    final List<List<String>> ran = new ArrayList<>();

    private final String address = UUID.randomUUID().toString();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(address).directExecutor().build();
    private final List<Server> servers = new ArrayList<>();
    private final List<GrpcBatcher<?, ?>> clients = new ArrayList<>();

    /** A batcher at the worker that gives items back in capitals; "bad" fails, "none" gives null. */
    AsyncBatcher<String, String> batcher(UnaryOperator<AsyncBatcher.Builder<String, String>> options) {
        BatchProcessor<String, String> processor = items -> {
            ran.add(List.copyOf(items));
            List<String> results = new ArrayList<>();
            for (String item : items) {
                if (item.equals("bad")) {
                    throw new IllegalStateException("secret");
                }
                results.add(item.equals("none") ? null : item.toUpperCase(Locale.ROOT));
            }
            return results;
        };
        return options.apply(AsyncBatcher.builder(processor)
                        .name("prices")
                        .maxQueueTime(Duration.ofMillis(10))
                        .time(time)
                        .executor(batches))
                .build();
    }

    GrpcWorker worker(AsyncBatcher<String, String> batcher, UnaryOperator<GrpcWorker.Builder> options) {
        return options.apply(GrpcWorker.builder()
                        .expose(batcher, new TextCodec(), new TextCodec())
                        .name("worker-1")
                        .time(time))
                .build();
    }

    /** A server at the address; the one before must be gone. */
    Server serve(GrpcWorker worker) {
        try {
            Server server = InProcessServerBuilder.forName(address)
                    .directExecutor()
                    .addService(worker)
                    .build()
                    .start();
            servers.add(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GrpcBatcher<String, String> client(UnaryOperator<GrpcBatcherBuilder<String, String>> options) {
        GrpcBatcher<String, String> client = options.apply(
                        GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                                .channel(channel)
                                .time(time)
                                .executor(Runnable::run))
                .build();
        clients.add(client);
        return client;
    }

    ManagedChannel channel() {
        return channel;
    }

    String address() {
        return address;
    }

    @Override
    public void close() {
        clients.forEach(client -> client.stop(true));
        channel.shutdownNow();
        servers.forEach(Server::shutdownNow);
    }
}
