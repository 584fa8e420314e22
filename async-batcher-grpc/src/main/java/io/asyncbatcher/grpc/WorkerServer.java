package io.asyncbatcher.grpc;

import io.asyncbatcher.TimeSource;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A separate gRPC server for a {@link GrpcWorker}. It keeps the process alive until it has ended. */
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
     * @param worker the service
     * @param builder a builder with port and credentials; this method calls {@link GrpcWorker#configure}
     * @return the running server
     * @throws IOException if the port cannot be opened
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

    /**
     * The port of the server.
     *
     * @return the port
     */
    public int port() {
        return server.getPort();
    }

    /**
     * Accepts no more connections and items, answers the items that the worker has, and ends. At the end of the grace period,
     * connections with unanswered items are closed: for their clients, the worker is lost. Stop the exposed batchers afterwards.
     *
     * @param grace the grace period, zero or longer
     * @return completes when the server has ended
     */
    public CompletableFuture<Void> stop(Duration grace) {
        server.shutdown(); // first, so that clients know that another stream belongs elsewhere
        CompletableFuture<Void> drained = worker.drain();
        TimeSource time = TimeSource.system();
        TimeSource.Alarm alarm = time.schedule(() -> time.offload(server::shutdownNow), grace.toNanos());
        // A drained server is not shut down immediately. Clients close their connections when they have read all
        // answers. If a connection is closed here while its client writes to it, unread answers are lost.
        return CompletableFuture.allOf(drained, ended).thenRun(alarm::cancel);
    }
}
