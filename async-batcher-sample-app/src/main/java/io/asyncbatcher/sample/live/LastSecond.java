package io.asyncbatcher.sample.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/** The figures of the last four quarters of a second. For use under a lock. */
final class LastSecond<E> {

    private static final int QUARTERS = 4;

    private record Quarter<E>(E figures, long endNanos) {}

    private final Deque<Quarter<E>> quarters = new ArrayDeque<>();
    private long beginNanos;

    LastSecond(long nowNanos) {
        beginNanos = nowNanos;
    }

    void add(E figures, long nowNanos) {
        if (quarters.size() == QUARTERS) {
            beginNanos = quarters.remove().endNanos();
        }
        quarters.add(new Quarter<>(figures, nowNanos));
    }

    Stream<E> figures() {
        return quarters.stream().map(Quarter::figures);
    }

    /** Its real length: on a busy machine a quarter may be late. */
    double seconds() {
        return quarters.isEmpty() ? 0 : (quarters.getLast().endNanos() - beginNanos) / 1e9;
    }
}
