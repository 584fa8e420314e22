package io.asyncbatcher.stress;

import io.asyncbatcher.TimeSource;
import java.util.ArrayList;
import java.util.List;

/** A time that stands still. What was scheduled or offloaded waits until a test runs it. */
public final class HandRunTime implements TimeSource {

    private final List<Runnable> scheduled = new ArrayList<>(1);
    private final List<Runnable> offloaded = new ArrayList<>(1);

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public synchronized Alarm schedule(Runnable task, long delayNanos) {
        scheduled.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Runnable task) {
        scheduled.remove(task);
    }

    @Override
    public synchronized void offload(Runnable work) {
        offloaded.add(work);
    }

    /** Runs what was scheduled until now, as if its time had come, and then what was offloaded. */
    public void ring() {
        List<Runnable> due;
        synchronized (this) {
            due = List.copyOf(scheduled);
            scheduled.clear();
        }
        due.forEach(Runnable::run);
        runOffloaded();
    }

    private void runOffloaded() {
        while (hasOffloaded()) {
            takeOffloaded().run();
        }
    }

    private synchronized boolean hasOffloaded() {
        return !offloaded.isEmpty();
    }

    /** Takes what was offloaded first. */
    public synchronized Runnable takeOffloaded() {
        return offloaded.remove(0);
    }
}
