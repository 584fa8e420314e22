package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ListenerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An application of one class, in a class loader of its own: it is the processor, the listener, the items, the results, the
 * partitions and what a caller leaves on the batcher's threads.
 */
public final class Guest implements Runnable, BatchProcessor<Guest, Guest>, BatcherListener, ListenerContext {

    private static final int ITEMS = 100;
    private static final Duration NEVER_OVER = Duration.ofHours(1);

    /** Loaded by name. */
    public Guest() {}

    @Override
    public void run() {
        try {
            use();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void use() throws Exception {
        AsyncBatcher<Guest, Guest> batcher = AsyncBatcher.builder(this)
                .maxBatchSize(7)
                .maxQueueTime(Duration.ofMillis(1))
                .concurrency(2)
                .partitionBy(item -> item)
                .batchTimeout(NEVER_OVER)
                .listener(this)
                .build();
        List<CompletableFuture<Guest>> futures = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            CompletableFuture<Guest> future = batcher.process(new Guest(), NEVER_OVER);
            futures.add(future.thenApply(result -> result));
            if (i % 10 == 0) {
                future.cancel(false);
            }
        }
        for (CompletableFuture<Guest> future : futures) {
            future.handle((result, failure) -> failure).get(20, SECONDS);
        }
        batcher.pause();
        batcher.process(new Guest(), NEVER_OVER);
        batcher.stop(true).get(20, SECONDS);
    }

    @Override
    public List<Guest> processBatch(List<Guest> batch) {
        Thread.currentThread().setContextClassLoader(Guest.class.getClassLoader());
        return batch;
    }

    @Override
    public ListenerContext onSubmitted(String batcher) {
        return this;
    }

    @Override
    public Scope open() {
        return () -> {};
    }
}
