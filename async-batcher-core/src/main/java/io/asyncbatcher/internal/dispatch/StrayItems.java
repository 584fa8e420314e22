package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.internal.batch.BatchOwner;
import io.asyncbatcher.internal.batch.Ends;
import io.asyncbatcher.internal.batch.Settlement;
import io.asyncbatcher.internal.batch.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.queue.Late;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Items that leave the queue without a batch: their callers have ended them, their time is over, or they were stored too late
 * for theirs. Guarded by the engine's lock.
 */
public final class StrayItems<T, R extends @Nullable Object> {

    private final BatchOwner<T, R> owner;
    private final Setup<T> setup;
    private final Guarded<T, R> state;
    private final Admission<T, R> admission;
    private List<TimedItem<T, R>> expired = List.of(); // while deadlines expire

    StrayItems(BatchOwner<T, R> owner, Setup<T> setup, Guarded<T, R> state, Admission<T, R> admission) {
        this.owner = owner;
        this.setup = setup;
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
        admission.remove(item);
        expired.add(item);
    }

    /** Settles the items whose time is over. */
    void settleExpired() {
        if (expired.isEmpty()) {
            return;
        }
        List<TimedItem<T, R>> items = expired;
        expired = List.of();
        Object[] ends = new Object[items.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = new Failed(ItemOutcome.EXPIRED, items.get(i).expiry()); // no batch gives it back any more
        }
        settle(items, ends);
    }

    /** Queues the items that were stored after their batch had come for them, or fails them where it is too late. */
    @SuppressWarnings("unchecked") // only the queue of these items stores into its cells
    void recoverLate() {
        for (Late cell : state.backlog().lateCells().takeStored()) {
            Item<T, R> item = (Item<T, R>) Objects.requireNonNull(cell.item);
            if (item.isDone()) {
                continue;
            }
            if (state.lifecycle().mayAdmitLate()) {
                state.backlog().addLate(item, cell, state.now().nanos());
            } else {
                Failed stopped = Failed.aborted(Rejections.stoppedWhileQueued(setup.name(), false));
                settle(List.of(item), new Object[] {stopped});
            }
        }
    }

    @SuppressWarnings("unchecked") // filled from their like
    private void settle(List<? extends Item<T, R>> items, Object[] ends) {
        Item<T, R>[] settled = (Item<T, R>[]) items.toArray(new Item<?, ?>[0]);
        state.endings().settle(new Settlement<>(setup, owner, new Ends<>(settled, ends, ends.length), null));
    }
}
