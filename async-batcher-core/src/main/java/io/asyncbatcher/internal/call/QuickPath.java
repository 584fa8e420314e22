package io.asyncbatcher.internal.call;

import io.asyncbatcher.internal.settlement.Worker;
import java.util.concurrent.TimeUnit;

/**
 * Whether a batcher's batches are so quick that their threads are worth waiting for. Waking another thread takes a few
 * microseconds: where a call takes less than some of these, it is better to wait for the thread that settles the batch to
 * come back ({@link Worker}). Used by any thread; a lost update doesn't matter.
 */
public final class QuickPath {

    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final int WARY_BATCHES = 30;

    private int wary; // about how many batches' threads are not to be waited for

    /** Whether a batch whose processor took so long may keep its thread for the next one. */
    public boolean isQuick(long nanos) {
        if (wary > 0) {
            wary--;
            return false;
        }
        return nanos < QUICK_NANOS;
    }

    /** A continuation or a processor has kept a thread from coming back, or from settling what it held. */
    public void beWary() {
        wary = WARY_BATCHES;
    }
}
