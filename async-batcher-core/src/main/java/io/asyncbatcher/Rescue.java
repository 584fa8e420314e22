package io.asyncbatcher;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends a batch where an error has come between, of memory or of the stack mostly: its slot becomes free, and items without
 * an end fail. That may fail for the same reason, so it is tried again, on another thread at first.
 */
final class Rescue {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");
    private static final int MOST_TRIES = 10_000;
    private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Rescue() {}

    static void of(Batch<?, ?> batch, String batcher, Throwable failure) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                batch.endBroken(failure);
                return;
            } catch (Throwable again) {
                if (tries == 0 && isDoneElsewhere(batch, batcher, failure)) {
                    return;
                }
                LockSupport.parkNanos(TRY_AGAIN_NANOS);
            }
        }
        LOG.log(Level.ERROR, "A batch of batcher '" + batcher + "' could not be ended", failure);
    }

    private static boolean isDoneElsewhere(Batch<?, ?> batch, String batcher, Throwable failure) {
        try {
            OwnThreads.execute(() -> of(batch, batcher, failure));
            return true;
        } catch (Throwable noThread) {
            return false;
        }
    }
}
