package io.asyncbatcher.internal.thread;

import io.asyncbatcher.TimeSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The JVM's clock, and alarms on shared daemon threads that live while alarms are set and a second longer. One thread waits
 * for the next alarm. It may leave that to another one and do itself what follows from its alarm (the leader and followers
 * of {@link ScheduledThreadPoolExecutor}), so that a batch that is due costs one wake-up instead of two.
 */
public final class SystemTime implements TimeSource {

    public static final SystemTime INSTANCE = new SystemTime();

    /** Threads that may do other work at the same time, while the last one keeps to alarms. */
    private static final int AWAY = 1;

    private final ScheduledThreadPoolExecutor timer;
    private final Semaphore away = new Semaphore(AWAY);

    SystemTime() {
        timer = new ScheduledThreadPoolExecutor(1 + AWAY, OwnThreads.factory("async-batcher-timer"));
        timer.setKeepAliveTime(OwnThreads.KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** Runs work that may block on the present thread, whose alarm has rung, if another one is left for the other alarms. */
    public boolean runHere(Runnable work) {
        if (!away.tryAcquire()) {
            return false;
        }
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        try {
            work.run();
        } finally {
            OwnThreads.putBack();
            thread.setName(name);
            away.release();
        }
        return true;
    }

    @Override
    public Alarm schedule(Runnable task, long delayNanos) {
        Future<?> scheduled = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
