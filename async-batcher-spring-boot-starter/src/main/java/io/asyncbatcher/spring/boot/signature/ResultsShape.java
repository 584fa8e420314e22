package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.AsyncBatchProcessor;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;

/** How the results of a batch belong to its items. The types were checked when the signature was read. */
@SuppressWarnings("unchecked")
enum ResultsShape {
    POSITIONS,
    MATCHING,
    KEYS,
    NONE,
    OUTCOMES,
    KEYED_OUTCOMES,
    REPORTED;

    /** {@code java.util.SequencedCollection}, which is there from Java 21 on. */
    private static final @Nullable Class<?> SEQUENCED = sequenced();

    boolean needsPositions() {
        return this == POSITIONS || this == OUTCOMES || this == REPORTED;
    }

    /**
     * The processor for a method that returns the results themselves.
     *
     * @param key by what they are matched; not null where they are
     */
    BatchProcessor<Object, ?> processor(BatchCall call, @Nullable ResultKey key) {
        return switch (this) {
            case POSITIONS -> batch -> list(call.call(batch));
            case MATCHING -> {
                ResultKey by = Objects.requireNonNull(key);
                yield batch -> BatchProcessor.<Object, Object>matching(keys -> elements(call.call(batch)), by::keyOf)
                        .processBatch(by.keysOf(batch));
            }
            case KEYS -> BatchProcessor.keyed(batch -> (Map<Object, Object>) unchecked(call.call(batch)));
            case NONE -> BatchProcessor.consuming(batch -> call.call(batch));
            case OUTCOMES -> BatchProcessor.withOutcomes(batch -> outcomes(call.call(batch)));
            case KEYED_OUTCOMES ->
                BatchProcessor.keyedOutcomes(batch -> (Map<Object, Outcome<Object>>) unchecked(call.call(batch)));
            case REPORTED -> BatchProcessor.streaming(call::call);
        };
    }

    /** The same for a method whose results come in a stage; the call returns the stage. */
    AsyncBatchProcessor<Object, ?> asyncProcessor(BatchCall call, @Nullable ResultKey key) {
        return switch (this) {
            case POSITIONS -> batch -> then(call.call(batch), ResultsShape::list);
            case MATCHING -> {
                ResultKey by = Objects.requireNonNull(key);
                yield batch -> AsyncBatchProcessor.<Object, Object>matching(
                                keys -> then(call.call(batch), ResultsShape::elements), by::keyOf)
                        .processBatch(by.keysOf(batch));
            }
            case KEYS ->
                AsyncBatchProcessor.keyed(batch -> (CompletionStage<Map<Object, Object>>) unchecked(call.call(batch)));
            case NONE -> AsyncBatchProcessor.consuming(batch -> (CompletionStage<?>) unchecked(call.call(batch)));
            case OUTCOMES -> AsyncBatchProcessor.withOutcomes(batch -> then(call.call(batch), ResultsShape::outcomes));
            case KEYED_OUTCOMES ->
                AsyncBatchProcessor.keyedOutcomes(
                        batch -> (CompletionStage<Map<Object, Outcome<Object>>>) unchecked(call.call(batch)));
            case REPORTED ->
                AsyncBatchProcessor.<Object, Object>streaming(
                        (batch, results) -> (CompletionStage<?>) unchecked(call.call(batch, results)));
        };
    }

    /** Null is left to the engine, which says so to every caller. */
    @SuppressWarnings("NullAway")
    private static Object unchecked(@Nullable Object returned) {
        return returned;
    }

    /** Results by position. */
    private static List<Object> list(@Nullable Object results) {
        if (results == null || results instanceof List) {
            return (List<Object>) unchecked(results);
        }
        if (!(results instanceof Collection<?> collection)) {
            return Arrays.asList(ObjectUtils.toObjectArray(results));
        }
        if (!hasOrder(collection)) {
            throw new BatchResultException("it returned a " + results.getClass().getName() + ", which has no order that"
                    + " could be that of the items; return a List with one result an item in the items' order, a Map"
                    + " by item, or set resultKey of @Batched");
        }
        return new ArrayList<>(collection);
    }

    private static boolean hasOrder(Collection<?> collection) {
        return collection instanceof Deque
                || collection instanceof LinkedHashSet
                || collection instanceof SortedSet
                || (SEQUENCED != null && SEQUENCED.isInstance(collection));
    }

    private static @Nullable Class<?> sequenced() {
        String name = "java.util.SequencedCollection";
        ClassLoader loader = ResultsShape.class.getClassLoader();
        return ClassUtils.isPresent(name, loader) ? ClassUtils.resolveClassName(name, loader) : null;
    }

    /** Results in any order. */
    private static Collection<Object> elements(@Nullable Object results) {
        if (results == null || results instanceof Collection) {
            return (Collection<Object>) unchecked(results);
        }
        if (results instanceof Iterable<?> iterable) {
            List<Object> elements = new ArrayList<>();
            iterable.forEach(elements::add);
            return elements;
        }
        return Arrays.asList(ObjectUtils.toObjectArray(results));
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
