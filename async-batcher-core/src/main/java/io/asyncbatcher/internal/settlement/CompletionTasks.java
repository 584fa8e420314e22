package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.thread.EndingOwner;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Resumable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Items that are settled by the {@code completionExecutor}: each is a task of its own there. Used by any thread. */
final class CompletionTasks implements Handed.Settler {

    private final EndingOwner owner;
    private final Resumable work;
    private final Ends<?, ?> ends;
    private final Runnable whenAll;
    private final boolean ofBatch;

    /** The tasks whose items are not settled, and one more until all of them are given away. */
    private final AtomicInteger left;

    /**
     * Tasks for the items from one on.
     *
     * @param work what a thread that settles one of them is at
     * @param ofBatch whether they end with their batch, so that some may have been given away before
     * @param whenAll is run once all of them are settled
     */
    CompletionTasks(EndingOwner owner, Resumable work, Ends<?, ?> ends, int from, boolean ofBatch, Runnable whenAll) {
        this.owner = owner;
        this.work = work;
        this.ends = ends;
        this.whenAll = whenAll;
        this.ofBatch = ofBatch;
        this.left = new AtomicInteger(ends.count() - from + 1);
    }

    /** Gives the items from one on to the executor. */
    void give(Executor executor, int from) {
        for (int i = from; i < ends.count(); i++) {
            Handed task = new Handed(this, ends.item(i), ends.end(i));
            if (ends.end(i) instanceof RetryRequest || (ofBatch && task.isEarly())) {
                countDown(); // others settle it; who has reported it says so to the batch
            } else {
                task.give(executor);
            }
        }
        countDown();
    }

    @Override
    public void settle(Handed task) {
        try (Frame frame = Frame.open(owner)) {
            frame.enter(work);
            ends.step();
            task.end();
            frame.leave();
            frame.runDeferred();
        }
    }

    @Override
    public void countDown() {
        if (left.decrementAndGet() == 0) {
            whenAll.run();
        }
    }
}
