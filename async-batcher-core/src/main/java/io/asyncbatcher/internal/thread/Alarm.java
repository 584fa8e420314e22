package io.asyncbatcher.internal.thread;

import io.asyncbatcher.TimeSource;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one deadline that a batcher has set at its time source. It is not called off when its reason goes away: it rings,
 * nothing is due, and the next one is set then if there still is a reason. So a busy batcher sets one alarm a linger, not
 * one a batch. Used under the engine's lock.
 */
public final class Alarm {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource time;
    private final Runnable ring;
    private @Nullable Setting set;

    /** An alarm that tells, without the lock, when it rings. */
    public Alarm(TimeSource time, Runnable ring) {
        this.time = time;
        this.ring = ring;
    }

    /** Makes sure that it rings at this moment at the latest. */
    public void setFor(long nanoTime) {
        if (set != null && !set.rung && set.nanoTime - nanoTime <= 0) {
            return;
        }
        cancel();
        long delayNanos = nanoTime - time.nanoTime();
        Setting setting = new Setting(nanoTime, delayNanos);
        try {
            setting.scheduled = time.schedule(setting, delayNanos);
            set = setting;
        } catch (Throwable failure) {
            // the next change tries again; throwing here would lose what this one has decided
            LOG.log(
                    Level.WARNING,
                    "The time source sets no alarm; nothing is dispatched by time until it does",
                    failure);
        }
    }

    /** Forgets it if it has rung, and calls it off if that is worth while: a short one just rings for nothing. */
    public void cancelIfLong() {
        if (set != null && set.rung) {
            set = null;
        } else if (set != null && set.delayNanos > LONG_NANOS) {
            cancel();
        }
    }

    public void cancel() {
        if (set != null && set.scheduled != null) {
            set.scheduled.cancel();
        }
        set = null;
    }

    private final class Setting implements Runnable {

        private final long nanoTime;
        private final long delayNanos;
        private TimeSource.@Nullable Alarm scheduled;
        private volatile boolean rung;

        Setting(long nanoTime, long delayNanos) {
            this.nanoTime = nanoTime;
            this.delayNanos = delayNanos;
        }

        @Override
        public void run() {
            rung = true; // first: whatever comes, another can be set
            ring.run();
        }
    }
}
