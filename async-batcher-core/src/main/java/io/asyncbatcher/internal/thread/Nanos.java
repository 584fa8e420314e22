package io.asyncbatcher.internal.thread;

import java.time.Duration;

/** Arithmetic of nano-times: differences only, saturating, so that the longest {@link Duration} is as good as forever. */
public final class Nanos {

    /** A span that never ends. */
    public static final long FOREVER = Long.MAX_VALUE / 2;

    private Nanos() {}

    /** A span in nanoseconds, from zero to {@link #FOREVER}. */
    public static long of(Duration span) {
        if (span.isNegative()) {
            return 0;
        }
        return span.compareTo(Duration.ofNanos(FOREVER)) >= 0 ? FOREVER : span.toNanos();
    }

    /** A sum of two numbers that aren't negative, at most {@link Long#MAX_VALUE}. */
    public static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
