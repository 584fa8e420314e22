package io.asyncbatcher;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link OutcomeProcessor} whose outcomes come in a stage. */
final class AsyncOutcomeProcessor<T, R extends @Nullable Object> implements AsyncBatchProcessor<T, R> {

    private final BatchFunction<T, ? extends CompletionStage<? extends List<? extends Outcome<R>>>> function;

    AsyncOutcomeProcessor(BatchFunction<T, ? extends CompletionStage<? extends List<? extends Outcome<R>>>> function) {
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
