package io.asyncbatcher.stress;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchResults;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A batch of one item whose processor was called and has not ended; what it reports is settled by {@link HandRunTime#ring}. */
public final class Streamed {

    public final HandRunTime time = new HandRunTime();
    public final CompletableFuture<Void> stage = new CompletableFuture<>();
    public final AsyncBatcher<Integer, Integer> batcher;
    public final CompletableFuture<Integer> item;
    private BatchResults<Integer> results;

    /** Submits the item and calls the processor. */
    public Streamed() {
        batcher = AsyncBatcher.asyncBuilder(AsyncBatchProcessor.<Integer, Integer>streaming((items, reports) -> {
                    results = reports;
                    return stage;
                }))
                .maxQueueTime(Duration.ZERO)
                .maxBatchSize(1)
                .time(time)
                .executor(Runnable::run)
                .build();
        item = batcher.process(0);
    }

    /** What the processor reports to. */
    public BatchResults<Integer> results() {
        return results;
    }

    /** How the item has ended, in a word, once all was settled that was left to others. */
    public String end() {
        time.ring();
        return Parts.end(item);
    }
}
