package io.asyncbatcher.internal.batch;

import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Position;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An item as a task of the {@code completionExecutor}. It is given there once, because an executor may lose it; whoever
 * settles it after all does so with the end that it had then.
 */
final class Handed<T, R extends @Nullable Object> implements Position, Runnable {

    private final Settlement<T, R> settlement;
    private final Item<T, R> item;
    private final @Nullable Object end;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean counted = new AtomicBoolean();

    /**
     * A task.
     *
     * @param end the item's result, or {@link Failed}
     */
    Handed(Settlement<T, R> settlement, Item<T, R> item, @Nullable Object end) {
        this.settlement = settlement;
        this.item = item;
        this.end = end;
    }

    /** Settles the item the first time it is run: an executor may run what it then says it rejected. */
    @Override
    public void run() {
        if (begun.compareAndSet(false, true)) {
            settlement.run(this);
        }
    }

    /** Settles the item on this thread, whatever becomes of the task. */
    void end() {
        item.end(end);
        if (item.position == this) {
            item.position = null;
        }
        settled();
    }

    @Override
    public void endedByCaller() {
        settled();
    }

    private void settled() {
        if (counted.compareAndSet(false, true)) {
            settlement.countDown();
        }
    }
}
