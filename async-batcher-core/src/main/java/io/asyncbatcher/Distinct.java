package io.asyncbatcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a call with equal ones merged. Confined to the thread of the call. */
final class Distinct<T> {

    static final int NOWHERE = -1;

    private final List<T> values;
    private final int[] positions;
    private final @Nullable Throwable[] failures;
    private final int size;
    private int merged;

    /** Merges. Runs user code: what {@code equals} or {@code hashCode} of a value throws is kept as its failure. */
    Distinct(List<T> all) {
        values = new ArrayList<>(all.size());
        positions = new int[all.size()];
        failures = new @Nullable Throwable[all.size()];
        Map<T, Integer> known = new HashMap<>();
        for (int i = 0; i < positions.length; i++) {
            T value = all.get(i);
            try {
                Integer position = known.putIfAbsent(value, values.size());
                positions[i] = position == null ? values.size() : position;
                if (position == null) {
                    values.add(value);
                } else {
                    merged++;
                }
            } catch (Throwable failure) {
                positions[i] = NOWHERE;
                failures[i] = failure;
            }
        }
        size = values.size();
    }

    /** What the processor gets; its own to change. */
    List<T> values() {
        return values;
    }

    /** How many they are, whatever becomes of the list. */
    int size() {
        return size;
    }

    /** How many have another one to stand for them. */
    int merged() {
        return merged;
    }

    /** Where the i-th of all values is among the merged ones, or {@link #NOWHERE}. */
    int position(int i) {
        return positions[i];
    }

    /** Why the i-th of all values is nowhere. */
    @Nullable
    Throwable failure(int i) {
        return failures[i];
    }
}
