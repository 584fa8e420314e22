package io.asyncbatcher.grpc;

import io.asyncbatcher.TimeSource;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A gRPC server of its own for a {@link GrpcWorker}. It keeps the process alive until it has ended. */
public final class WorkerServer {

    private final GrpcWorker worker;
    private final Server server;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private WorkerServer(GrpcWorker worker, Server server) {
        this.worker = worker;
        this.server = server;
    }

    /**
     * Starts a server.
     *
     * @param worker what it serves
     * @param builder with port and credentials; the rest is set here, by {@link GrpcWorker#configure}
     * @throws IOException if the port can't be had
     */
    public static WorkerServer start(GrpcWorker worker, ServerBuilder<?> builder) throws IOException {
        GrpcWorker.configure(builder);
        builder.addService(worker);
        WorkerServer started = new WorkerServer(worker, builder.build().start());
        Thread alive = new Thread(started::await, "async-batcher-server");
        alive.setDaemon(false); // gRPC's own threads are daemons, and the process would end with its main thread
        alive.start();
        return started;
    }

    private void await() {
        try {
            server.awaitTermination();
        } catch (InterruptedException e) { // nobody does; the process may end then
            Thread.currentThread().interrupt();
        }
        ended.complete(null);
    }

    Server server() {
        return server;
    }

    /** The port that it listens to. */
    public int port() {
        return server.getPort();
    }

    /**
     * Accepts no connections and no items, answers what the worker has, and ends. What is not answered when the grace is over is
     * cut off: its clients hear that the worker is lost. Stop the exposed batchers afterwards.
     *
     * @return completes when it has ended
     */
    public CompletableFuture<Void> stop(Duration grace) {
        server.shutdown(); // first, so that clients know that another stream belongs elsewhere
        CompletableFuture<Void> drained = worker.drain();
        TimeSource time = TimeSource.system();
        TimeSource.Alarm alarm = time.schedule(() -> time.offload(server::shutdownNow), grace.toNanos());
        // Not shut down at once when it is drained: clients close their connections when they have read all, and one
        // that is
        // closed here while a client writes to it takes along what the client hasn't read.
        return CompletableFuture.allOf(drained, ended).thenRun(alarm::cancel);
    }
}
