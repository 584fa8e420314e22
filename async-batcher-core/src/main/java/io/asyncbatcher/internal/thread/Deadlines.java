package io.asyncbatcher.internal.thread;

import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The moments at which something waiting gives up, earliest first. Entries that ended before their time are swept out
 * when they may be half of all, so an entry costs amortised O(log n) and never more than twice the memory of those that
 * still wait. Used under the engine's lock.
 */
public final class Deadlines {

    private static final int SMALL = 64;
    private static final Comparator<Deadline> EARLIEST_FIRST =
            (a, b) -> Long.signum(a.deadlineNanos() - b.deadlineNanos());

    private @Nullable PriorityQueue<Deadline> heap;
    private @Nullable Deadline expiring; // not in the heap; kept where an error has come between
    private int sweepAt = SMALL;

    public void add(Deadline deadline) {
        if (heap == null) {
            heap = new PriorityQueue<>(EARLIEST_FIRST);
        }
        if (heap.size() >= sweepAt) {
            sweep();
        }
        heap.add(deadline);
    }

    /**
     * Adds something that waits until a moment at most.
     *
     * @param over whether it waits no longer; never again false once true
     * @param expire does what follows when its moment has come
     */
    public void add(long deadlineNanos, BooleanSupplier over, Runnable expire) {
        add(new Moment(deadlineNanos, over, expire));
    }

    /** Lets go of all that wait no longer. */
    public void sweep() {
        if (heap != null) {
            heap.removeIf(Deadline::isOver);
            sweepAt = Math.max(SMALL, 2 * heap.size());
        }
    }

    /** The earliest deadline of those that still wait, or null. */
    @Nullable
    public Deadline next() {
        if (expiring != null && !expiring.isOver()) {
            return expiring;
        }
        expiring = null;
        if (heap == null) {
            return null;
        }
        Deadline first = heap.peek();
        while (first != null && first.isOver()) {
            heap.poll();
            first = heap.peek();
        }
        return first;
    }

    /** Lets those expire whose moment has come, one by one, because what follows from one may end others. */
    public void expireDue(long nowNanos) {
        for (Deadline next = next(); next != null && next.deadlineNanos() - nowNanos <= 0; next = next()) {
            if (next != expiring) {
                expiring = next; // first: if there is no memory for what follows, it expires at the next attempt
                Objects.requireNonNull(heap).remove();
            }
            next.expire();
            expiring = null;
        }
    }

    /** Entries in memory, for tests. */
    int kept() {
        return heap == null ? 0 : heap.size();
    }

    /** Something that waits until a moment at most. */
    public interface Deadline {

        long deadlineNanos();

        /** Whether it waits no longer; never again false once true. */
        boolean isOver();

        /** Its moment has come, under the engine's lock: does what follows from that. */
        void expire();
    }

    private record Moment(long deadlineNanos, BooleanSupplier over, Runnable whenDue) implements Deadline {

        @Override
        public boolean isOver() {
            return over.getAsBoolean();
        }

        @Override
        public void expire() {
            whenDue.run();
        }
    }
}
