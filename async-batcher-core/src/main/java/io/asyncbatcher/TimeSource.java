package io.asyncbatcher;

import io.asyncbatcher.internal.thread.OwnThreads;
import io.asyncbatcher.internal.thread.SystemTime;

/**
 * The clock and the alarms of a batcher. Tests replace it by a virtual time.
 *
 * <p>Implementations are thread-safe.
 */
public interface TimeSource {

    /**
     * The time of the JVM: {@link System#nanoTime}, and daemon threads for alarms that all batchers share. The threads
     * end when they are idle.
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
     * @param task a short task that does not block, runs no user code and throws no exception
     * @param delayNanos from now; zero or less means as soon as possible, but not within this call
     * @return the alarm, which can be cancelled
     */
    Alarm schedule(Runnable task, long delayNanos);

    /**
     * Runs work that may call user code, and may therefore block, without delaying any alarm. The time source of the
     * JVM uses a thread of the batcher. A time source for tests may run it immediately.
     *
     * @param work the work to run
     */
    default void offload(Runnable work) {
        OwnThreads.execute(work);
    }

    /** A scheduled task. */
    @FunctionalInterface
    public interface Alarm {
        /** Cancels the task. Has no effect if the task has run already. Does not wait. */
        void cancel();
    }
}
