package io.asyncbatcher;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that only moves when told, and runs what it passes on the thread that moves it. */
final class VirtualTime implements TimeSource {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            ((Comparator<Entry>) (a, b) -> Long.signum(a.nanoTime - b.nanoTime)).thenComparingLong(Entry::number));
    private long now = Long.MAX_VALUE - 1_000_000; // so that every test also crosses the overflow
    private long count;

    private record Entry(long nanoTime, long number, Runnable task) {}

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Alarm schedule(Runnable task, long delayNanos) {
        Entry entry = new Entry(now + Math.max(0, delayNanos), count++, task);
        entries.add(entry);
        return () -> cancel(entry);
    }

    private synchronized void cancel(Entry entry) {
        entries.remove(entry);
    }

    @Override
    public void offload(Runnable work) {
        work.run();
    }

    /** The number of alarms that are set. */
    synchronized int alarms() {
        return entries.size();
    }

    /** Moves the clock, stopping at each alarm on the way to run it. */
    void advance(Duration span) {
        long end = nanoTime() + span.toNanos();
        for (Runnable task = next(end); task != null; task = next(end)) {
            task.run();
        }
        synchronized (this) {
            now = end;
        }
    }

    /** Moves the clock as a machine that stood still does: what was to ring meanwhile rings later. */
    synchronized void skip(Duration span) {
        now += span.toNanos();
    }

    void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    private synchronized Runnable next(long end) {
        Entry first = entries.peek();
        if (first == null || first.nanoTime - end > 0) {
            return null;
        }
        entries.remove();
        now = first.nanoTime - now > 0 ? first.nanoTime : now;
        return first.task;
    }
}
