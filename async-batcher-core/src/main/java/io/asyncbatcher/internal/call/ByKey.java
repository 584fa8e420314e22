package io.asyncbatcher.internal.call;

import io.asyncbatcher.BatchResultException;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a map says of a batch's items, in their order. It remembers that no key equals an item, which is nearly always a
 * mistake and would go unnoticed: keys of another type or case, or without {@code equals}.
 */
final class ByKey<V extends @Nullable Object> extends AbstractList<V> {

    private final @Nullable Object[] values;
    private final @Nullable String mismatch;

    private ByKey(@Nullable Object[] values, @Nullable String mismatch) {
        this.values = values;
        this.mismatch = mismatch;
    }

    /**
     * Looks the items up.
     *
     * @param missing what an item gets whose key isn't there
     * @throws BatchResultException if there is no map
     */
    static <T, V extends @Nullable Object> ByKey<V> of(
            List<T> items, @Nullable Map<? super T, ?> map, Function<T, @Nullable Object> missing) {
        if (map == null) {
            throw new BatchResultException(
                    "it returned null instead of a map by item; return an empty map if there are no results");
        }
        @Nullable Object[] values = new @Nullable Object[items.size()];
        boolean matches = false;
        for (int i = 0; i < values.length; i++) {
            T item = items.get(i);
            Object value = map.get(item);
            boolean there = value != null || map.containsKey(item);
            values[i] = there ? value : missing.apply(item);
            matches |= there;
        }
        return new ByKey<>(values, matches || values.length < 2 ? null : mismatch(items, map));
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

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // filled with values of the map
    public V get(int index) {
        return (V) values[index];
    }

    @Override
    public int size() {
        return values.length;
    }
}
