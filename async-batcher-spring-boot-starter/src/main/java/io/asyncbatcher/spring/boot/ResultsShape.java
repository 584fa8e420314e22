package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.BatchFunction;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ObjectUtils;

/** How the results of a batch belong to its items. The types were checked when the signature was read. */
@SuppressWarnings("unchecked")
enum ResultsShape {
    POSITIONS,
    KEYS,
    NONE,
    OUTCOMES;

    boolean needsPositions() {
        return this == POSITIONS || this == OUTCOMES;
    }

    /** The processor that calls a method which returns the results themselves. */
    BatchProcessor<Object, ?> processor(BatchFunction<Object, @Nullable Object> call) {
        return switch (this) {
            case POSITIONS -> batch -> list(call.apply(batch));
            case KEYS -> BatchProcessor.keyed(batch -> (Map<Object, Object>) call.apply(batch));
            case NONE -> BatchProcessor.consuming(call::apply);
            case OUTCOMES -> BatchProcessor.withOutcomes(batch -> outcomes(call.apply(batch)));
        };
    }

    /** The processor that calls a method whose results come in a stage. */
    AsyncBatchProcessor<Object, ?> asyncProcessor(BatchFunction<Object, @Nullable CompletionStage<?>> call) {
        return switch (this) {
            case POSITIONS -> batch -> then(call.apply(batch), ResultsShape::list);
            case KEYS -> AsyncBatchProcessor.keyed(batch -> (CompletionStage<Map<Object, Object>>) call.apply(batch));
            case NONE -> AsyncBatchProcessor.consuming(call::apply);
            case OUTCOMES -> AsyncBatchProcessor.withOutcomes(batch -> then(call.apply(batch), ResultsShape::outcomes));
        };
    }

    /** Null is left to the engine, which says so to every caller. */
    @SuppressWarnings("NullAway")
    private static List<Object> list(@Nullable Object results) {
        if (results == null || results instanceof List) {
            return (List<Object>) results;
        }
        return results instanceof Collection<?> collection
                ? new ArrayList<>(collection)
                : Arrays.asList(ObjectUtils.toObjectArray(results));
    }

    private static List<Outcome<Object>> outcomes(@Nullable Object results) {
        return (List<Outcome<Object>>) (List<?>) list(results);
    }

    @SuppressWarnings("NullAway")
    private static <V> CompletionStage<V> then(@Nullable CompletionStage<?> stage, Function<Object, V> conversion) {
        return stage == null ? null : ((CompletionStage<Object>) stage).thenApply(conversion);
    }
}
