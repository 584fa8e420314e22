package io.asyncbatcher.benchmarks.peers;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Concurrency for the peers that have one thread: with one slot batches run on it, with more on threads of their own. */
final class Slots implements AutoCloseable {

    private final Semaphore free;
    private final @Nullable ExecutorService threads;

    Slots(int concurrency) {
        free = new Semaphore(concurrency);
        threads = concurrency == 1 ? null : Threads.fixed(concurrency, "slot");
    }

    /** Waits until a slot is free. What is queued meanwhile makes the next batch larger. */
    void take() throws InterruptedException {
        if (threads != null) {
            free.acquire();
        }
    }

    /** Runs a batch in the slot that was taken. */
    void run(Runnable batch) {
        if (threads == null) {
            batch.run();
            return;
        }
        threads.execute(() -> {
            try {
                batch.run();
            } finally {
                free.release();
            }
        });
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
