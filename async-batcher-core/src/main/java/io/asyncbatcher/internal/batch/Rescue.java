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

    /**
     * Ends a batch, or logs that this can't be done.
     *
     * @param end may fail, and may be run again then
     * @param failure what has come between
     */
    static void of(Runnable end, String batcher, Throwable failure) {
        boolean more = true;
        for (int tries = 0; more; tries++) {
            try {
                end.run();
                return;
            } catch (Throwable again) {
                if (tries == 0 && isDoneElsewhere(end, batcher, failure)) {
                    return;
                }
                more = Memory.awaitMore(tries);
            }
        }
        LOG.log(Level.ERROR, "A batch of batcher '" + batcher + "' could not be ended", failure);
    }

    private static boolean isDoneElsewhere(Runnable end, String batcher, Throwable failure) {
        try {
            OwnThreads.execute(() -> of(end, batcher, failure));
            return true;
        } catch (Throwable noThread) {
            return false;
        }
    }
}
