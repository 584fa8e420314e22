package io.asyncbatcher.internal.thread;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** For work that must be done although memory may be short: it is tried again when others may have given some back. */
public final class Memory {

    private static final int MOST_TRIES = 10_000;
    private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Memory() {}

    /** Waits for others to give memory back: false if that was waited for so often that the work is to fail. */
    public static boolean awaitMore(int tries) {
        if (tries < MOST_TRIES) {
            LockSupport.parkNanos(TRY_AGAIN_NANOS);
        }
        return tries < MOST_TRIES;
    }
}
