package io.asyncbatcher.benchmarks.peers;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.DispatchMode;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** AsyncBatcher as it comes: every option that isn't in the setup has its default. */
final class AsyncBatcherPeer<T, R> implements Peer<T, R> {

    private final AsyncBatcher<T, R> batcher;

    AsyncBatcherPeer(Setup<T, R> setup, DispatchMode dispatch, UnaryOperator<AsyncBatcher.Builder<T, R>> more) {
        batcher = more.apply(AsyncBatcher.<T, R>builder(setup.batch()::apply)
                        .maxBatchSize(setup.maxBatchSize())
                        .maxQueueTime(setup.linger())
                        .concurrency(setup.concurrency())
                        .dispatch(dispatch))
                .build();
    }

    @Override
    public CompletableFuture<R> process(T item) {
        return batcher.process(item);
    }

    @Override
    public void close() {
        batcher.close();
    }
}
