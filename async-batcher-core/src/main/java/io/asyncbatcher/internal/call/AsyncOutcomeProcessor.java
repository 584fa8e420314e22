package io.asyncbatcher.internal.call;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.BatchFunction;
import io.asyncbatcher.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link OutcomeProcessor} whose outcomes come in a stage. */
public final class AsyncOutcomeProcessor<T, R extends @Nullable Object> implements AsyncBatchProcessor<T, R> {

    private final BatchFunction<T, ? extends CompletionStage<? extends List<? extends Outcome<R>>>> function;

    public AsyncOutcomeProcessor(
            BatchFunction<T, ? extends CompletionStage<? extends List<? extends Outcome<R>>>> function) {
        this.function = function;
    }

    BatchFunction<T, ?> function() {
        return function;
    }

    @Override
    public CompletionStage<List<R>> processBatch(List<T> batch) throws Exception {
        return Results.stage(function.apply(batch)).thenApply(Results::plain);
    }
}
