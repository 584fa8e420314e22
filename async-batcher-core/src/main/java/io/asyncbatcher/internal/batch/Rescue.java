package io.asyncbatcher.internal.batch;

import io.asyncbatcher.internal.thread.Memory;
import io.asyncbatcher.internal.thread.OwnThreads;
import java.lang.System.Logger.Level;

/**
 * Ends a batch where an error has come between, of memory or of the stack mostly: its slot becomes free, and items without
 * an end fail. That may fail for the same reason, so it is tried again, on another thread at first.
 */
final class Rescue {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");

    private Rescue() {}

    static void of(Batch<?, ?> batch, String batcher, Throwable failure) {
        boolean more = true;
        for (int tries = 0; more; tries++) {
            try {
                batch.endBroken(failure);
                return;
            } catch (Throwable again) {
                if (tries == 0 && isDoneElsewhere(batch, batcher, failure)) {
                    return;
                }
                more = Memory.awaitMore(tries);
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
