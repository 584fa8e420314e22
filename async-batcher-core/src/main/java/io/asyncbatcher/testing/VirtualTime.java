package io.asyncbatcher.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test moves it, for {@link AsyncBatcher.Builder#time}. Lingers, timeouts, retry delays,
 * rate limits and graces all go by it.
 *
 * <p>Whatever falls due is done on the thread that moves the time, before {@link #advance} returns: batches are handed to
 * the executor, and what has expired is settled with its continuations. With an executor of {@code Runnable::run} the
 * processor runs there, too. One instance may serve several batchers. Safe for use by many threads; no method waits.
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

    /** A time that stands still, a millisecond before {@link #nanoTime} overflows, as it may in a JVM. */
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

    /** Runs the work at once, on the calling thread. */
    @Override
    public void offload(Runnable work) {
        work.run();
    }

    /**
     * The number of alarms that are set and have not rung.
     *
     * @return zero or more
     */
    public synchronized int alarms() {
        return entries.size();
    }

    /**
     * Moves the time, stopping at each alarm on the way to run it. May be called from what an alarm runs, a processor for
     * instance; that alarm's time has then been moved, too.
     *
     * @param span how far, zero or more; zero runs what is due now, more than 146 years count as so many
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
     * Moves the time by milliseconds, as {@link #advance}.
     *
     * @param millis how far, zero or more
     * @throws IllegalArgumentException if it is negative
     */
    public void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /**
     * Moves the time as a machine that stood still does: what was to ring meanwhile rings late, with the next
     * {@link #advance}.
     *
     * @param span how far, zero or more; more than 146 years count as so many
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
