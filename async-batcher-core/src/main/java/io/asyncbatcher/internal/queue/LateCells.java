package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cells that were not filled yet when their batch came for them: they are looked at again until their items are there, ever
 * less often. Guarded by the engine's lock.
 */
public final class LateCells {

    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private @Nullable Late first;
    private @Nullable Late stored;
    private long sinceNanos;

    /** Keeps cells in mind until their items are there. */
    public void add(@Nullable Late cells, Now now) {
        for (Late cell = cells; cell != null; ) {
            Late following = cell.next;
            cell.next = first;
            first = cell;
            cell = following;
        }
        if (cells != null) {
            sinceNanos = now.nanos(); // last, because a clock may throw, and nobody else knows of the cells
        }
    }

    public boolean isEmpty() {
        return first == null && stored == null;
    }

    /** The next cell whose item has been stored, which is kept until {@link #removeStored}; null if there is none. */
    @Nullable
    public Late stored() {
        return stored;
    }

    /** Forgets the cell that {@link #stored} has returned: its item is somewhere else. */
    public void removeStored() {
        stored = Objects.requireNonNull(stored).next;
    }

    /** Looks which items have been stored since the last look. */
    public void look() {
        Late kept = null;
        for (Late cell = first; cell != null; ) {
            Late following = cell.next;
            Object taken = cell.chunk.take(cell.ticket);
            if (taken == Chunk.LATE) {
                cell.next = kept;
                kept = cell;
            } else if (taken != null) {
                cell.item = taken;
                cell.next = stored;
                stored = cell;
            }
            cell = following;
        }
        first = kept;
    }

    /** Forgets such a cell, whose item has just been stored: false if it isn't one. */
    public boolean remove(long ticket) {
        Late before = null;
        for (Late cell = first; cell != null; cell = cell.next) {
            if (cell.ticket == ticket) {
                cell.chunk.take(ticket);
                if (before == null) {
                    first = cell.next;
                } else {
                    before.next = cell.next;
                }
                return true;
            }
            before = cell;
        }
        return false;
    }

    /** In how long to look at such cells again, or {@link Nanos#FOREVER}. */
    public long nextLookNanos(Now now) {
        if (stored != null) {
            return LATE_NANOS; // an error has kept the last look from its end
        }
        return first == null ? Nanos.FOREVER : Math.max(LATE_NANOS, Math.min(LOST_NANOS, now.nanos() - sinceNanos));
    }

    /** Whether the items of such cells may still come: their threads are waited for, but not forever. */
    public boolean areAwaited(Now now) {
        return stored != null || (first != null && now.nanos() - sinceNanos < LOST_NANOS);
    }
}
