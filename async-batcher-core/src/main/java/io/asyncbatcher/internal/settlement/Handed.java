package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Position;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An item as a task of the {@code completionExecutor}. It is given there once, because an executor may lose it; whoever
 * settles it after all does so with the end that it had then.
 */
final class Handed implements Position, Runnable {

    /** Who has given the item away. */
    interface Settler {

        /** Has an item settled by {@link Handed#end}, on the present thread. */
        void settle(Handed task);

        /** An item is settled, by the task or otherwise. */
        void countDown();

        /** Whether the items belong to a batch that has not ended, and is told when one is settled later than its end. */
        default boolean isEarly() {
            return false;
        }
    }

    private final Settler settler;
    private final Item<?, ?> item;
    private final @Nullable Object end;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean counted = new AtomicBoolean();

    /**
     * A task.
     *
     * @param end the item's result, or {@link Failed}
     */
    Handed(Settler settler, Item<?, ?> item, @Nullable Object end) {
        this.settler = settler;
        this.item = item;
        this.end = end;
    }

    /** Whether the item is settled, or will be by a task that was given to the executor before its batch's end. */
    boolean isEarly() {
        return item.isDone() || (item.position instanceof Handed other && other.settler.isEarly());
    }

    /** Whether the item is settled, or another task for it was given to the executor. */
    boolean isGiven() {
        return item.isDone() || item.position instanceof Handed;
    }

    /** Gives the item to the executor. */
    void give(Executor executor) {
        item.position = this;
        try {
            executor.execute(this);
        } catch (Throwable rejection) {
            run(); // settled here rather than never
        }
    }

    /** Settles the item the first time it is run: an executor may run what it then says it rejected. */
    @Override
    public void run() {
        if (begun.compareAndSet(false, true)) {
            settler.settle(this);
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
            settler.countDown();
        }
    }
}
