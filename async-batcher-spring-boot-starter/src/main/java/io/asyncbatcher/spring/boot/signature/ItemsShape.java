package io.asyncbatcher.spring.boot.signature;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a method wants its batch in. */
enum ItemsShape {
    LIST,
    COLLECTION,
    ITERABLE,
    SET,
    ARRAY;

    /** The shape of a parameter of this type; null if there is none. */
    static @Nullable ItemsShape of(Class<?> type) {
        if (type == List.class) {
            return LIST;
        }
        if (type == Collection.class) {
            return COLLECTION;
        }
        if (type == Iterable.class) {
            return ITERABLE;
        }
        if (type == Set.class) {
            return SET;
        }
        return type.isArray() ? ARRAY : null;
    }

    /**
     * The argument for a batch.
     *
     * @param parameter the type of the method's parameter, its generics resolved; an array is made of this type
     */
    Object argument(List<?> batch, Class<?> parameter) {
        return switch (this) {
            case LIST, COLLECTION, ITERABLE -> batch;
            case SET -> new LinkedHashSet<>(batch);
            case ARRAY -> array(batch, parameter.getComponentType());
        };
    }

    /** Whether an argument still has a batch's items in their order. Nothing but an array can be changed with effect. */
    static boolean isUnchanged(Object argument, List<?> batch) {
        for (int i = 0; argument.getClass().isArray() && i < batch.size(); i++) {
            Object item = Array.get(argument, i);
            if (item != batch.get(i) && (argument instanceof Object[] || !item.equals(batch.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static Object array(List<?> batch, Class<?> componentType) {
        Object array = Array.newInstance(componentType, batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Array.set(array, i, batch.get(i));
        }
        return array;
    }
}
