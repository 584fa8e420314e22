package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.TimeSource;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The machine's time for a {@link Simulation} on real threads. One thread, the one that calls {@link #runNext}, does all that
 * is scheduled, so that the simulation needs no lock; any thread may schedule.
 */
final class RealTime implements TimeSource {

    /** A parked thread wakes up so late. */
    private static final long SPIN_NANOS = 100_000;

    private record Entry(long nanoTime, long number, Runnable task) {}

    private final PriorityBlockingQueue<Entry> entries = new PriorityBlockingQueue<>(
            16, ((Comparator<Entry>) (a, b) -> Long.signum(a.nanoTime - b.nanoTime)).thenComparingLong(Entry::number));
    private final AtomicLong count = new AtomicLong();
    private final Thread runner = Thread.currentThread();

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Alarm schedule(Runnable task, long delayNanos) {
        Entry entry = new Entry(nanoTime() + Math.max(0, delayNanos), count.getAndIncrement(), task);
        entries.add(entry);
        if (Thread.currentThread() != runner) {
            LockSupport.unpark(runner);
        }
        return () -> entries.remove(entry);
    }

    /** Waits for the next task that is due, and runs it. */
    void runNext() {
        while (true) {
            Entry first = entries.peek();
            long left = first == null ? Long.MAX_VALUE : first.nanoTime - nanoTime();
            if (left <= 0 && entries.remove(first)) {
                first.task.run();
                return;
            }
            pause(left);
        }
    }

    /** Lets a call of the processor take so long. */
    static void take(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            pause(left);
        }
    }

    private static void pause(long nanos) {
        if (nanos > SPIN_NANOS) {
            LockSupport.parkNanos(nanos - SPIN_NANOS);
        } else {
            Thread.onSpinWait();
        }
    }
}
