package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.util.ArrayList;
import java.util.List;
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
    private long sinceNanos;

    /** Keeps cells in mind until their items are there. */
    public void add(@Nullable Late cells, Now now) {
        if (cells != null) {
            sinceNanos = now.nanos();
        }
        for (Late cell = cells; cell != null; ) {
            Late following = cell.next;
            cell.next = first;
            first = cell;
            cell = following;
        }
    }

    public boolean isEmpty() {
        return first == null;
    }

    /** Takes the cells whose items have been stored since the last look. */
    public List<Late> takeStored() {
        List<Late> stored = new ArrayList<>(1);
        Late kept = null;
        for (Late cell = first; cell != null; ) {
            Late following = cell.next;
            Object taken = cell.chunk.take(cell.ticket);
            if (taken == Chunk.LATE) {
                cell.next = kept;
                kept = cell;
            } else if (taken != null) {
                cell.item = taken;
                stored.add(cell);
            }
            cell = following;
        }
        first = kept;
        return stored;
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
        return first == null ? Nanos.FOREVER : Math.max(LATE_NANOS, Math.min(LOST_NANOS, now.nanos() - sinceNanos));
    }

    /** Whether the items of such cells may still come: their threads are waited for, but not forever. */
    public boolean areAwaited(Now now) {
        return first != null && now.nanos() - sinceNanos < LOST_NANOS;
    }
}
