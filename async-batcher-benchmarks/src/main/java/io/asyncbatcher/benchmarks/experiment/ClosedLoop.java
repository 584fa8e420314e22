package io.asyncbatcher.benchmarks.experiment;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Callers that send the next request when the last was answered: for what is not measured by a load. */
final class ClosedLoop {

    private final ConnectionPool connections;
    private final List<ByteBuf> requests;
    private final int most;
    private final long endNanos;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private int sent;
    private int answered;
    private boolean failed;

    private ClosedLoop(ConnectionPool connections, List<ByteBuf> requests, int most, Duration longest) {
        this.connections = connections;
        this.requests = requests;
        this.most = most;
        this.endNanos = System.nanoTime() + longest.toNanos();
    }

    /**
     * Sends until {@code most} requests were sent or the time is over. The future ends with the last answer, and fails if
     * one wasn't good.
     */
    static CompletableFuture<Void> run(
            ConnectionPool connections, List<ByteBuf> requests, int callers, int most, Duration longest) {
        ClosedLoop loop = new ClosedLoop(connections, requests, most, longest);
        connections.thread().execute(() -> {
            for (int i = 0; i < callers; i++) {
                loop.next();
            }
        });
        return loop.over;
    }

    private void next() {
        if (sent < most && System.nanoTime() - endNanos < 0) {
            connections.send(requests.get(sent++ % requests.size()), this::answered);
        } else if (answered == sent) {
            if (failed) {
                over.completeExceptionally(new IllegalStateException("a request failed without load"));
            } else {
                over.complete(null);
            }
        }
    }

    private void answered(int status) {
        answered++;
        failed |= status / 100 != 2;
        next();
    }
}
