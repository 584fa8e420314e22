package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatchProcessor;
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

    /** The processor for a method that returns the results themselves. */
    BatchProcessor<Object, ?> processor(BatchCall call) {
        return switch (this) {
            case POSITIONS -> batch -> list(call.call(batch));
            case KEYS -> BatchProcessor.keyed(batch -> (Map<Object, Object>) unchecked(call.call(batch)));
            case NONE -> BatchProcessor.consuming(call::call);
            case OUTCOMES -> BatchProcessor.withOutcomes(batch -> outcomes(call.call(batch)));
        };
    }

    /** The processor for a method whose results come in a stage; the call returns the stage. */
    AsyncBatchProcessor<Object, ?> asyncProcessor(BatchCall call) {
        return switch (this) {
            case POSITIONS -> batch -> then(call.call(batch), ResultsShape::list);
            case KEYS ->
                AsyncBatchProcessor.keyed(batch -> (CompletionStage<Map<Object, Object>>) unchecked(call.call(batch)));
            case NONE -> AsyncBatchProcessor.consuming(batch -> (CompletionStage<?>) unchecked(call.call(batch)));
            case OUTCOMES -> AsyncBatchProcessor.withOutcomes(batch -> then(call.call(batch), ResultsShape::outcomes));
        };
    }

    /** Null is left to the engine, which says so to every caller. */
    @SuppressWarnings("NullAway")
    private static Object unchecked(@Nullable Object returned) {
        return returned;
    }

    private static List<Object> list(@Nullable Object results) {
        if (results == null || results instanceof List) {
            return (List<Object>) unchecked(results);
        }
        return results instanceof Collection<?> collection
                ? new ArrayList<>(collection)
                : Arrays.asList(ObjectUtils.toObjectArray(results));
    }

    private static List<Outcome<Object>> outcomes(@Nullable Object results) {
        return (List<Outcome<Object>>) (List<?>) list(results);
    }

    private static <V> CompletionStage<V> then(@Nullable Object stage, Function<Object, V> conversion) {
        return stage == null
                ? (CompletionStage<V>) unchecked(null)
                : ((CompletionStage<Object>) stage).thenApply(conversion);
    }
}
