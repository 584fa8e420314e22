package io.asyncbatcher.benchmarks.peers;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.DispatchMode;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** AsyncBatcher as it comes: every option that isn't in the settings has its default. */
final class AsyncBatcherAdapter<T, R> implements PeerAdapter<T, R> {

    private final AsyncBatcher<T, R> batcher;

    AsyncBatcherAdapter(
            PeerSettings<T, R> settings, DispatchMode dispatch, UnaryOperator<AsyncBatcher.Builder<T, R>> more) {
        batcher = more.apply(AsyncBatcher.<T, R>builder(settings.processor()::apply)
                        .maxBatchSize(settings.maxBatchSize())
                        .maxQueueTime(settings.linger())
                        .concurrency(settings.concurrency())
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
