package io.asyncbatcher.internal.call;

import io.asyncbatcher.BatchResultException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a processor says of each item of a batch, looked up by the item and brought into their order. An item whose
 * {@code equals} or {@code hashCode} throws can't be looked up: a {@link LookupFailure} is in its place. It remembers that no
 * key of a map equals an item, which is nearly always a mistake and would go unnoticed: keys of another type or case, or
 * without {@code equals}.
 */
final class ByItem<V extends @Nullable Object> extends AbstractList<V> {

    private final @Nullable Object[] values;
    private final @Nullable String mismatch;

    private ByItem(@Nullable Object[] values, @Nullable String mismatch) {
        this.values = values;
        this.mismatch = mismatch;
    }

    /** Gives something for an item. Runs user code. */
    interface Lookup<T> {
        @Nullable
        Object of(T item);
    }

    /** Looks each item up; what it throws is the item's failure. */
    static <T, V extends @Nullable Object> ByItem<V> of(List<T> items, Lookup<? super T> lookup) {
        return new ByItem<>(valuesOf(items, lookup), null);
    }

    private static <T> @Nullable Object[] valuesOf(List<T> items, Lookup<? super T> lookup) {
        @Nullable Object[] values = new @Nullable Object[items.size()];
        int i = 0;
        for (T item : items) {
            Object value;
            try {
                value = lookup.of(item);
            } catch (Throwable failure) {
                value = new LookupFailure(failure);
            }
            values[i++] = value;
        }
        return values;
    }

    /**
     * Looks each item up in a map.
     *
     * @param missing what an item gets whose key isn't there
     * @throws BatchResultException if there is no map
     */
    static <T, V extends @Nullable Object> ByItem<V> of(
            List<T> items, @Nullable Map<? super T, ?> map, Function<T, @Nullable Object> missing) {
        if (map == null) {
            throw new BatchResultException(
                    "it returned null instead of a map by item; return an empty map if there are no results");
        }
        boolean[] matches = new boolean[1];
        @Nullable
        Object[] values = valuesOf(items, item -> {
            Object value = map.get(item);
            boolean there = value != null || map.containsKey(item);
            matches[0] |= there;
            return there ? value : missing.apply(item);
        });
        return new ByItem<>(values, matches[0] || values.length < 2 ? null : mismatch(items, map));
    }

    private static @Nullable String mismatch(List<?> items, Map<?, ?> map) {
        for (Object key : map.keySet()) {
            return "of type " + typeOf(key) + ", and the items of type " + typeOf(items.get(0));
        }
        return null; // nothing was found, and that is an answer
    }

    private static String typeOf(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getName();
    }

    /** If no key equals an item: the types of both. */
    @Nullable
    String mismatch() {
        return mismatch;
    }

    /** What was said of each item, failures included. */
    List<@Nullable Object> said() {
        return Arrays.asList(values);
    }

    boolean hasFailures() {
        return Arrays.stream(values).anyMatch(LookupFailure.class::isInstance);
    }

    /** For who has called the processor without a batcher, and has no other way to hear of a failure. */
    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // filled with values of the map
    public V get(int index) {
        if (values[index] instanceof LookupFailure failure) {
            throw new CompletionException(failure.cause());
        }
        return (V) values[index];
    }

    @Override
    public int size() {
        return values.length;
    }
}
