package io.asyncbatcher;

import io.asyncbatcher.internal.thread.OwnThreads;
import io.asyncbatcher.internal.thread.SystemTime;

/**
 * Where a batcher gets its time from: a nanosecond clock and the alarms set by it. Replaced by virtual time in tests.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface TimeSource {

    /**
     * The JVM's own time: {@link System#nanoTime} and one daemon thread, shared by all batchers, that ends when idle.
     *
     * @return the time of the JVM
     */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /**
     * The current time in nanoseconds since some fixed point; only differences have a meaning.
     *
     * @return nanoseconds since an arbitrary point of time
     */
    long nanoTime();

    /**
     * Runs a task once, later.
     *
     * @param task is short, doesn't block, runs no user code and throws nothing
     * @param delayNanos from now; zero or less means as soon as possible, but not within this call
     * @return the way to call it off
     */
    Alarm schedule(Runnable task, long delayNanos);

    /**
     * Runs work that may call user code, and so may block, without delaying any alarm. The system's time source uses a
     * thread of the batchers' own; one for tests may run it at once.
     *
     * @param work to be run
     */
    default void offload(Runnable work) {
        OwnThreads.execute(work);
    }

    /** A task that is still to come. */
    @FunctionalInterface
    public interface Alarm {
        /** Calls the task off; does nothing if it has run already. Doesn't wait. */
        void cancel();
    }
}
