package io.asyncbatcher.grpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The items of a client that are not settled, and who waits for the last of them. */
final class OpenCalls {

    private final AtomicInteger count = new AtomicInteger();
    private volatile @Nullable CompletableFuture<Void> empty;

    int count() {
        return count.get();
    }

    void opened() {
        count.incrementAndGet();
    }

    void closed() {
        if (count.decrementAndGet() == 0) {
            completeIfEmpty();
        }
    }

    /** Completes when none is open. Asked for by a stop, when no more are accepted. */
    CompletableFuture<Void> whenEmpty() {
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        empty = waiting;
        completeIfEmpty();
        return waiting;
    }

    private void completeIfEmpty() {
        CompletableFuture<Void> waiting = empty;
        if (waiting != null && count.get() == 0) {
            waiting.complete(null);
        }
    }
}
