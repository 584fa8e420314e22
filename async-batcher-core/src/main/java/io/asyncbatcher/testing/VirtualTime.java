package io.asyncbatcher.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A time that only the test advances, for {@link AsyncBatcher.Builder#time}. It controls lingers, timeouts, retry
 * delays, rate limits and grace periods.
 *
 * <p>Everything that is due runs on the thread that advances the time, before {@link #advance} returns: batches are
 * passed to the executor, and expired items are settled with their continuations. With {@code Runnable::run} as the
 * executor, the processor runs on this thread too. Several batchers can share an instance. Thread-safe. No method
 * waits.
 */
public final class VirtualTime implements TimeSource {

    /** Alarms later than this never ring in a test's life, and can still be told from past ones by subtraction. */
    private static final long NEVER_NANOS = Long.MAX_VALUE / 2;

    private static final Duration LONGEST = Duration.ofNanos(NEVER_NANOS);

    @GuardedBy("this")
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            ((Comparator<Entry>) (a, b) -> Long.signum(a.nanoTime - b.nanoTime)).thenComparingLong(Entry::number));

    @GuardedBy("this")
    private long now = Long.MAX_VALUE - 1_000_000; // so that every test also crosses the overflow

    @GuardedBy("this")
    private long count;

    private record Entry(long nanoTime, long number, Runnable task) {}

    /** Creates a time that is a millisecond before the overflow of {@link #nanoTime}, which may also occur in a JVM. */
    public VirtualTime() {}

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Alarm schedule(Runnable task, long delayNanos) {
        Entry entry = new Entry(now + Math.min(Math.max(0, delayNanos), NEVER_NANOS), count++, task);
        entries.add(entry);
        return () -> cancel(entry);
    }

    private synchronized void cancel(Entry entry) {
        entries.remove(entry);
    }

    /** Runs the work immediately, on the calling thread. */
    @Override
    public void offload(Runnable work) {
        work.run();
    }

    /**
     * The number of alarms that are set and have not run.
     *
     * @return zero or more
     */
    public synchronized int alarms() {
        return entries.size();
    }

    /**
     * Advances the time and runs each alarm at its time. An alarm may call this method too, for example in a processor.
     * The time is then advanced for the outer call as well.
     *
     * @param span the duration, zero or more. Zero runs what is due now. More than 146 years count as 146 years
     * @throws IllegalArgumentException if it is negative
     */
    public void advance(Duration span) {
        long end = nanoTime() + nanos(span);
        for (Runnable task = next(end); task != null; task = next(end)) {
            task.run();
        }
        moveTo(end);
    }

    /**
     * Advances the time by milliseconds, as {@link #advance}.
     *
     * @param millis the number of milliseconds, zero or more
     * @throws IllegalArgumentException if it is negative
     */
    public void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /**
     * Advances the time without running alarms, as if the machine had been suspended. Alarms that are due run late,
     * with the next {@link #advance}.
     *
     * @param span the duration, zero or more. More than 146 years count as 146 years
     * @throws IllegalArgumentException if it is negative
     */
    public synchronized void skip(Duration span) {
        now += nanos(span);
    }

    private synchronized @Nullable Runnable next(long end) {
        Entry first = entries.peek();
        if (first == null || first.nanoTime - end > 0) {
            return null;
        }
        entries.remove();
        moveTo(first.nanoTime);
        return first.task;
    }

    private synchronized void moveTo(long nanoTime) {
        if (nanoTime - now > 0) { // a nested or concurrent call may have gone further
            now = nanoTime;
        }
    }

    private static long nanos(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("Time must be moved by zero or more, but not by " + span);
        }
        return span.compareTo(LONGEST) >= 0 ? LONGEST.toNanos() : span.toNanos();
    }
}
