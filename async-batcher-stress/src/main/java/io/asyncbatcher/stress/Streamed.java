package io.asyncbatcher.stress;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchResults;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A batch whose processor was called and has not ended; what it reports is settled by {@link HandRunTime#ring}. */
public final class Streamed {

    public final HandRunTime time = new HandRunTime();
    public final CompletableFuture<Void> stage = new CompletableFuture<>();
    public final AsyncBatcher<Integer, Integer> batcher;
    public final List<CompletableFuture<Integer>> items;
    private @Nullable BatchResults<Integer> results;

    /** A batch of one item. */
    public Streamed() {
        this(1);
    }

    /** Submits so many items and calls the processor. */
    public Streamed(int count) {
        batcher = AsyncBatcher.asyncBuilder(AsyncBatchProcessor.<Integer, Integer>streaming((items, reports) -> {
                    results = reports;
                    return stage;
                }))
                .maxBatchSize(count)
                .time(time)
                .executor(Runnable::run)
                .build();
        items = IntStream.range(0, count).mapToObj(batcher::process).toList();
    }

    /** What the processor reports to. */
    public BatchResults<Integer> results() {
        return Objects.requireNonNull(results);
    }

    /** How the first item has ended, in a word, once all was settled that was left to others. */
    public String end() {
        time.ring();
        return Parts.end(items.get(0));
    }
}
