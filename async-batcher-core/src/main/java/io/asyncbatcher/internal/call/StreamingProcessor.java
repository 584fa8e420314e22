package io.asyncbatcher.internal.call;

import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.StreamingFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A processor that reports results as they come: a batch takes them at once, anybody else gets all of them at the end. */
public final class StreamingProcessor<T, R extends @Nullable Object> implements BatchProcessor<T, R> {

    private final StreamingFunction<T, R, ?> function;

    public StreamingProcessor(StreamingFunction<T, R, ?> function) {
        this.function = function;
    }

    StreamingFunction<T, R, ?> function() {
        return function;
    }

    @Override
    public List<R> processBatch(List<T> batch) throws Exception {
        CollectedResults<R> results = new CollectedResults<>(batch.size());
        function.apply(batch, results);
        return results.all();
    }
}
