package io.asyncbatcher.internal.call;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.StreamingFunction;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link StreamingProcessor} that is done when a stage ends. */
public final class AsyncStreamingProcessor<T, R extends @Nullable Object> implements AsyncBatchProcessor<T, R> {

    private final StreamingFunction<T, R, ? extends CompletionStage<?>> function;

    public AsyncStreamingProcessor(StreamingFunction<T, R, ? extends CompletionStage<?>> function) {
        this.function = function;
    }

    StreamingFunction<T, R, ?> function() {
        return function;
    }

    @Override
    public CompletionStage<List<R>> processBatch(List<T> batch) throws Exception {
        CollectedResults<R> results = new CollectedResults<>(batch.size());
        return Results.stage(function.apply(batch, results)).thenApply(ended -> results.all());
    }
}
