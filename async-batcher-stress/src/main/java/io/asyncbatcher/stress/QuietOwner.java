package io.asyncbatcher.stress;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.ItemOwner;
import io.asyncbatcher.internal.item.SelfWaitGuard;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.thread.Ending;
import java.util.concurrent.atomic.AtomicInteger;

/** An owner of items that are in no queue; counts what is settled. */
public final class QuietOwner implements ItemOwner<Integer, Integer> {

    private final AtomicInteger settled = new AtomicInteger();

    /** How often something was said to be settled. */
    public int settled() {
        return settled.get();
    }

    @Override
    public void settled(Ending ending) {
        settled.incrementAndGet();
    }

    @Override
    public boolean withdraw(Item<Integer, Integer> item) {
        return false;
    }

    @Override
    public void expired(TimedItem<Integer, Integer> item) {}

    @Override
    public boolean beginSelfWait(SelfWaitGuard<?> awaited) {
        return false;
    }

    @Override
    public void endSelfWait() {}

    @Override
    public void offload(Runnable work) {
        work.run();
    }
}
