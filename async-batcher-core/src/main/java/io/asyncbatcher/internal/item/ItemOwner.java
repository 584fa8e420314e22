package io.asyncbatcher.internal.item;

import io.asyncbatcher.internal.thread.EndingOwner;
import org.jspecify.annotations.Nullable;

/** What the owner of items, the engine, hears from their callers. */
public interface ItemOwner<T, R extends @Nullable Object> extends EndingOwner {

    /** The caller ends its item: its room is given back. If that is true, {@link #settled} must follow. */
    boolean withdraw(Item<T, R> item);

    /** An item's time is over. Under the owner's lock. */
    void expired(TimedItem<T, R> item);

    /**
     * A processor of this owner is about to wait for its items.
     *
     * @return false if that is no danger; then {@link #endSelfWait} must not follow
     * @throws IllegalStateException if all slots would wait so
     */
    boolean beginSelfWait(SelfWaitGuard<?> awaited);

    /** Such a wait is over. */
    void endSelfWait();
}
