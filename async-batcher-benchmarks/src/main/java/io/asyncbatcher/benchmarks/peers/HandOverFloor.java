package io.asyncbatcher.benchmarks.peers;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;

/** The bare hand-over between two threads: a queue, a thread, no batches. What a lone caller has to pay at least. */
final class HandOverFloor<T, R> implements PeerAdapter<T, R> {

    private final LinkedTransferQueue<Pending<T, R>> queue = new LinkedTransferQueue<>();
    private final PeerSettings<T, R> settings;
    private final Thread thread;

    HandOverFloor(PeerSettings<T, R> settings) {
        this.settings = settings;
        thread = Threads.start("hand-over", this::run);
    }

    @Override
    public CompletableFuture<R> process(T item) {
        Pending<T, R> pending = new Pending<>(item);
        queue.add(pending);
        return pending;
    }

    private void run() {
        try {
            while (true) {
                Pending<T, R> pending = queue.take();
                pending.complete(
                        settings.processor().apply(List.of(pending.item)).get(0));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
