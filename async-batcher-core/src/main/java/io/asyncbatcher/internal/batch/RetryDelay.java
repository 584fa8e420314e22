package io.asyncbatcher.internal.batch;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.concurrent.TimeUnit;

/** How long something that is to be tried again waits first. */
final class RetryDelay {

    /** The least of all delays: whoever wants to be called again at once would be called as often as a thread can. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long WHOLE = 1000;

    /** A fifth of the whole. */
    private static final long MOST_JITTER = 200;

    private RetryDelay() {}

    static long atLeast(long nanos) {
        return Math.max(LEAST_NANOS, nanos);
    }

    /**
     * The delay of an item that has none of its own: doubled with each of its attempts, and scattered, so that not everybody
     * comes back at one time. The items of one call come back together; their share of the jitter follows from when the
     * call began, which is different in every process, and the same in every run of a test on virtual time.
     *
     * @param attempts how often the item was tried, one or more
     * @param beganNanos when the call began
     */
    static long nanos(BatcherOptions options, int attempts, long beganNanos) {
        long most = Nanos.of(options.maxRetryDelay());
        long delay = Math.min(Nanos.of(options.retryDelay()), most);
        for (int attempt = 1; attempt < attempts && delay > 0 && delay < most; attempt++) {
            delay = Math.min(2 * delay, most);
        }
        long share = Math.floorMod(mix(beganNanos), 2 * MOST_JITTER + 1) - MOST_JITTER;
        long jitter = delay / WHOLE * share + delay % WHOLE * share / WHOLE;
        return atLeast(Math.min(delay + jitter, most));
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood): neighbours come far apart. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
