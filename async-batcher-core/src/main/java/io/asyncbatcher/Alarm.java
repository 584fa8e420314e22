package io.asyncbatcher;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one deadline that a batcher has set at its time source. It is not called off when its reason goes away: it rings,
 * nothing is due, and the next one is set then if there still is a reason. So a busy batcher sets one alarm a linger, not
 * one a batch. Used under the engine's lock.
 */
final class Alarm {

    private final TimeSource time;
    private final Consumer<Object> ring;
    private @Nullable Setting set;

    /** An alarm that passes to {@code ring}, without the lock, what {@link #hasRung} wants to know. */
    Alarm(TimeSource time, Consumer<Object> ring) {
        this.time = time;
        this.ring = ring;
    }

    /** Makes sure that it rings at this moment at the latest. */
    void setFor(long nanoTime) {
        if (set != null && set.nanoTime - nanoTime <= 0) {
            return;
        }
        cancel();
        set = new Setting(nanoTime);
        set.scheduled = time.schedule(set, nanoTime - time.nanoTime());
    }

    void hasRung(Object setting) {
        if (set == setting) {
            set = null;
        }
    }

    void cancel() {
        if (set != null && set.scheduled != null) {
            set.scheduled.cancel();
        }
        set = null;
    }

    private final class Setting implements Runnable {

        private final long nanoTime;
        private TimeSource.@Nullable Alarm scheduled;

        Setting(long nanoTime) {
            this.nanoTime = nanoTime;
        }

        @Override
        public void run() {
            ring.accept(this);
        }
    }
}
