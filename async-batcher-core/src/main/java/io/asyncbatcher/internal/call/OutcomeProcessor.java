package io.asyncbatcher.internal.call;

import io.asyncbatcher.BatchFunction;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A processor that says of each item how it ended: a batch asks for just that, anybody else gets plain results. */
public final class OutcomeProcessor<T, R extends @Nullable Object> implements BatchProcessor<T, R> {

    private final BatchFunction<T, ? extends List<? extends Outcome<R>>> function;

    public OutcomeProcessor(BatchFunction<T, ? extends List<? extends Outcome<R>>> function) {
        this.function = function;
    }

    BatchFunction<T, ?> function() {
        return function;
    }

    @Override
    public List<R> processBatch(List<T> batch) throws Exception {
        return Results.plain(function.apply(batch));
    }
}
