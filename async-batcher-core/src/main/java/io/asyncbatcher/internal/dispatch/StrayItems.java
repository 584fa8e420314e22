package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.queue.Late;
import io.asyncbatcher.internal.queue.LateCells;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Items that leave the queue without a batch: their callers have ended them, their time is over, or they were stored too late
 * for theirs. Guarded by the engine's lock.
 */
public final class StrayItems<T, R extends @Nullable Object> {

    private final String batcher;
    private final Guarded<T, R> state;
    private final Admission<T, R> admission;
    private List<TimedItem<T, R>> expired = List.of(); // while deadlines expire

    StrayItems(String batcher, Guarded<T, R> state, Admission<T, R> admission) {
        this.batcher = batcher;
        this.state = state;
        this.admission = admission;
    }

    /** The caller ends its item: its room is given back. True if it had some; then it counts as open until it is settled. */
    public boolean withdraw(Item<T, R> item) {
        boolean removed = admission.remove(item);
        if (removed) {
            state.endings().open(item);
        }
        return removed;
    }

    /** An item's time is over; {@link #settleExpired} must follow. */
    public void expired(TimedItem<T, R> item) {
        if (expired.isEmpty()) {
            expired = new ArrayList<>();
        }
        expired.add(item); // first, because it may find no memory
        admission.remove(item);
    }

    /** Settles the items whose time is over. */
    void settleExpired() {
        if (expired.isEmpty()) {
            return;
        }
        Endings.Failures<T, R> failures = new Endings.Failures<>();
        for (TimedItem<T, R> item : expired) {
            failures.add(item, new Failed(ItemOutcome.EXPIRED, item.expiry())); // no batch gives it back any more
        }
        state.endings().fail(failures);
        expired = List.of(); // last: where an error has come between, the next change does it
    }

    /**
     * Queues the items that were stored after their batch had come for them, or fails them where it is too late. Each is
     * known to its cell until then, because an error may end this anywhere.
     */
    @SuppressWarnings("unchecked") // only the queue of these items stores into its cells
    void recoverLate() {
        LateCells cells = state.backlog().lateCells();
        cells.look();
        for (Late cell = cells.stored(); cell != null; cell = cells.stored()) {
            Item<T, R> item = (Item<T, R>) Objects.requireNonNull(cell.item);
            if (!item.isDone()) {
                recover(item, cell);
            }
            cells.removeStored();
        }
    }

    private void recover(Item<T, R> item, Late cell) {
        if (state.lifecycle().mayAdmitLate()) {
            state.backlog().addLate(item, cell, state.now().nanos());
            return;
        }
        Endings.Failures<T, R> tooLate = new Endings.Failures<>();
        tooLate.add(item, Failed.aborted(Rejections.stoppedWhileQueued(batcher, false)));
        state.endings().fail(tooLate);
    }
}
