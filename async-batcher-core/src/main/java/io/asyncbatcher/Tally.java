package io.asyncbatcher;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what happened, for snapshots. Used under the engine's lock. */
final class Tally {

    private static final int RECENT = 32;

    private final Map<DispatchReason, Long> dispatches = zeros(DispatchReason.class);
    private final Map<RejectionReason, Long> rejections = zeros(RejectionReason.class);
    private final ArrayDeque<Integer> recentSizes = new ArrayDeque<>(0);

    void dispatched(DispatchReason reason, int size) {
        dispatches.merge(reason, 1L, Long::sum);
        if (recentSizes.size() == RECENT) {
            recentSizes.remove();
        }
        recentSizes.add(size);
    }

    long rejected(RejectionReason reason) {
        return rejections.merge(reason, 1L, Long::sum);
    }

    Map<DispatchReason, Long> dispatches() {
        return dispatches;
    }

    Map<RejectionReason, Long> rejections() {
        return rejections;
    }

    List<Integer> recentSizes() {
        return List.copyOf(recentSizes);
    }

    private static <K extends Enum<K>> Map<K, Long> zeros(Class<K> type) {
        Map<K, Long> zeros = new EnumMap<>(type);
        for (K key : type.getEnumConstants()) {
            zeros.put(key, 0L);
        }
        return zeros;
    }
}
