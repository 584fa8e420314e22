package io.asyncbatcher.grpc;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lane's queue: a batcher whose one batch at a time is what goes out next. It ends when the lane says that it is on its way, and
 * what has come meanwhile is the next one.
 */
final class Outbox {

    private final Lane lane;
    private final Consumer<List<RemoteCall<?>>> taker;
    private final AsyncBatcher<RemoteCall<?>, @Nullable Void> queue;

    // Confined to the lane's serial context.
    private @Nullable CompletableFuture<List<@Nullable Void>> writing;
    private int writingSize;

    /**
     * A queue.
     *
     * @param taker gets the batches, in the lane's serial context
     */
    Outbox(Lane lane, LaneSetup setup, BatcherOptions options, Consumer<List<RemoteCall<?>>> taker) {
        this.lane = lane;
        this.taker = taker;
        AsyncBatcher.Builder<RemoteCall<?>, @Nullable Void> builder =
                AsyncBatcher.<RemoteCall<?>, @Nullable Void>asyncBuilder(this::write)
                        .maxBatchWeight(options.maxBatchWeight(), RemoteCall::weight)
                        .options(options)
                        .time(setup.time());
        if (setup.executor() != null) {
            builder.executor(setup.executor());
        }
        queue = builder.build();
    }

    AsyncBatcher<RemoteCall<?>, @Nullable Void> queue() {
        return queue;
    }

    private CompletionStage<List<@Nullable Void>> write(List<RemoteCall<?>> batch) {
        CompletableFuture<List<@Nullable Void>> written = new CompletableFuture<>();
        lane.execute(() -> {
            writing = written;
            writingSize = batch.size();
            taker.accept(batch);
        });
        return written;
    }

    /** What was taken is on its way, or has no way any more: the next batch may come. */
    void written() {
        CompletableFuture<List<@Nullable Void>> ended = writing;
        if (ended != null) {
            writing = null;
            ended.complete(Collections.nCopies(writingSize, null));
        }
    }
}
