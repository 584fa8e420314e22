package io.asyncbatcher.internal.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The values of a call with equal ones merged. Confined to the thread of the call. */
public final class Distinct<T> {

    public static final int NOWHERE = -1;

    private final List<T> values;
    private final int[] positions;
    private final @Nullable Throwable[] failures;
    private int merged;

    /**
     * Merges. Runs user code: what {@code equals}, {@code hashCode} or {@code compareTo} of a value throws is kept as its
     * failure. The map may have taken the value nevertheless, so it knows values by where they stand among all, which no
     * other has.
     */
    public Distinct(List<T> all) {
        values = new ArrayList<>(all.size());
        positions = new int[all.size()];
        failures = new @Nullable Throwable[all.size()];
        Map<T, Integer> known = new HashMap<>();
        for (int i = 0; i < positions.length; i++) {
            T value = all.get(i);
            try {
                Integer first = known.putIfAbsent(value, i);
                positions[i] = first == null ? values.size() : positions[first];
                failures[i] = first == null ? null : failures[first];
                if (first == null) {
                    values.add(value);
                } else {
                    merged++;
                }
            } catch (Throwable failure) {
                positions[i] = NOWHERE;
                failures[i] = failure;
            }
        }
    }

    /** What the processor gets. */
    public List<T> values() {
        return values;
    }

    public int size() {
        return values.size();
    }

    /** How many have another one to stand for them. */
    public int merged() {
        return merged;
    }

    /** Where the i-th of all values is among the merged ones, or {@link #NOWHERE}. */
    public int position(int i) {
        return positions[i];
    }

    /** For each of the merged values, which of all values it stands for, each by what it is known by elsewhere. */
    public int[][] members(IntUnaryOperator indexOf) {
        int[] counts = new int[size()];
        for (int position : positions) {
            if (position != NOWHERE) {
                counts[position]++;
            }
        }
        int[][] members = new int[size()][];
        for (int i = positions.length - 1; i >= 0; i--) {
            int position = positions[i];
            if (position != NOWHERE) {
                members[position] = members[position] == null ? new int[counts[position]] : members[position];
                members[position][--counts[position]] = indexOf.applyAsInt(i);
            }
        }
        return members;
    }

    /** Why the i-th of all values is nowhere. */
    @Nullable
    public Throwable failure(int i) {
        return failures[i];
    }
}
