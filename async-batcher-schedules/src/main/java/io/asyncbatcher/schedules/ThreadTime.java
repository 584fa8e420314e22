package io.asyncbatcher.schedules;

import io.asyncbatcher.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Time in which every alarm is a thread of its own: it rings when the schedule lets that thread run, and the clock is then
 * where it has to be. So an alarm may come between any two steps. Alarms of a minute or more never ring: what waits for
 * one of these has been forgotten.
 */
final class ThreadTime implements TimeSource {

    private static final long NEVER_NANOS = Duration.ofMinutes(1).toNanos();

    private final Executor threads;
    private volatile long now = Long.MAX_VALUE - 1_000_000; // also crosses the overflow

    ThreadTime(Executor threads) {
        this.threads = threads;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Alarm schedule(Runnable task, long delayNanos) {
        Ring ring = new Ring(task, now + Math.max(0, delayNanos));
        if (delayNanos < NEVER_NANOS) {
            threads.execute(ring);
        }
        return ring;
    }

    @Override
    public void offload(Runnable work) {
        threads.execute(work);
    }

    private synchronized void moveTo(long nanoTime) {
        if (nanoTime - now > 0) {
            now = nanoTime;
        }
    }

    private final class Ring implements Runnable, Alarm {

        private final Runnable task;
        private final long atNanos;
        private volatile boolean cancelled;

        Ring(Runnable task, long atNanos) {
            this.task = task;
            this.atNanos = atNanos;
        }

        @Override
        public void run() {
            if (!cancelled) {
                moveTo(atNanos);
                task.run();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
