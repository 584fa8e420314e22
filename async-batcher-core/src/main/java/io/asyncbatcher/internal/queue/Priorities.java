package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Nanos;
import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * What a batcher knows of priorities: the user's function, asked by submitting threads, and how fast items age. A level
 * is 0 to {@link #HIGHEST}; the higher ones go first.
 */
final class Priorities<T> {

    static final int HIGHEST = 9;

    private final String batcher;
    private final ToIntFunction<? super T> prioritizer;

    /** How long an item waits to count one level higher. Guarded by the engine's lock. */
    private long ageingNanos = Nanos.FOREVER;

    Priorities(String batcher, ToIntFunction<? super T> prioritizer) {
        this.batcher = batcher;
        this.prioritizer = prioritizer;
    }

    /** Items age in such a time from now on. */
    void age(Duration ageing) {
        ageingNanos = Nanos.of(ageing);
    }

    /** The level of an item. What the function throws comes through. */
    int level(T value) {
        int level = prioritizer.applyAsInt(value);
        if (level < 0 || level > HIGHEST) {
            throw new IllegalArgumentException("The function given to prioritizeBy of batcher '" + batcher
                    + "' gave an item a priority of " + level + "; return 0 to " + HIGHEST);
        }
        return level;
    }

    /** The level that an item has reached by waiting. */
    int reached(int level, long sinceNanos, long nowNanos) {
        long waited = Math.max(0, nowNanos - sinceNanos);
        return (int) Math.min(HIGHEST, level + waited / ageingNanos);
    }

    /** How long an item of a level waits to reach another. */
    double nanosToReach(int level, int other) {
        return (other - level) * (double) ageingNanos;
    }
}
