package io.asyncbatcher.internal.engine;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchReport;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.dispatch.Dispatcher;
import io.asyncbatcher.internal.dispatch.EnginePorts;
import io.asyncbatcher.internal.dispatch.Guarded;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.ItemOwner;
import io.asyncbatcher.internal.item.Listeners;
import io.asyncbatcher.internal.item.SelfWaitGuard;
import io.asyncbatcher.internal.item.TimedItem;
import io.asyncbatcher.internal.queue.Sorting;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.OwnThreads;
import io.asyncbatcher.internal.thread.Resumable;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a batcher's batches and items: hears what they, the timer and the watchdog tell, and makes the changes that
 * follow. Threads that work for the batcher know it by this object. Used by any thread.
 */
final class Ports<T, R extends @Nullable Object> implements ItemOwner<T, R>, EnginePorts<T, R> {

    private final Setup<T> setup;
    private final Changes<T, R> changes;
    private final HandOver<T, R> handOver;
    private final Submission<T, R> submission;

    Ports(Setup<T> setup, @Nullable Sorting<T, R> sorting, BatcherOptions options) {
        this.setup = setup;
        TicketQueue<T, R> queue = new TicketQueue<>();
        Guarded<T, R> state = Guarded.of(this, setup, queue, sorting, options);
        changes = new Changes<>(setup, queue, new Dispatcher<>(this, setup, state), this);
        handOver = new HandOver<>(setup, changes);
        submission = new Submission<>(this, setup, queue, sorting, changes);
    }

    Changes<T, R> changes() {
        return changes;
    }

    Submission<T, R> submission() {
        return submission;
    }

    @Override
    public void start(@Nullable Batch<T, R> batches) {
        handOver.start(batches);
    }

    @Override
    public @Nullable BatchReport report(DispatchReason reason) {
        Listeners listening = submission.listeners();
        return listening == null
                ? null
                : new BatchReport(setup, listening, reason, setup.time().nanoTime());
    }

    @Override
    public void expireOverdue() {
        changes.pump();
    }

    @Override
    public void late(Batch<T, R> batch) {
        changes.change(guarded -> guarded.inFlight().late(batch));
    }

    @Override
    public void calling(Batch<T, R> batch, boolean really) {
        changes.change(guarded -> guarded.inFlight().calling(batch, really));
    }

    @Override
    public @Nullable Batch<T, R> again(Batch<T, R> batch) {
        return changes.changed(guarded -> guarded.inFlight().again(batch));
    }

    @Override
    public void watch() {
        changes.write(guarded -> guarded.endings().watch());
    }

    @Override
    public @Nullable Batch<T, R> returned(Batch<T, R> batch) {
        return changes.changed(guarded -> guarded.inFlight().returned(batch));
    }

    @Override
    public @Nullable Batch<T, R> release(Batch<T, R> batch, boolean settled) {
        return changes.changed(guarded -> guarded.inFlight().release(batch, settled));
    }

    @Override
    public void settled(Ending ending) {
        changes.change(guarded -> guarded.endings().close(ending));
    }

    @Override
    public boolean withdraw(Item<T, R> item) {
        return changes.answerCaller(guarded -> guarded.strays().withdraw(item));
    }

    @Override
    public void expired(TimedItem<T, R> item) {
        changes.write(guarded -> guarded.strays().expired(item));
    }

    @Override
    public boolean beginSelfWait(SelfWaitGuard<?> awaited) {
        return changes.answerCaller(guarded -> guarded.selfWaits().begin(awaited));
    }

    @Override
    public void endSelfWait() {
        changes.write(guarded -> guarded.selfWaits().end());
    }

    @Override
    public void look() {
        for (Ending stuck : changes.read(guarded -> guarded.endings().look())) {
            if (stuck instanceof Resumable settlement) {
                OwnThreads.execute(() -> settlement.goOn(OwnThreads::execute)); // it may end a stop, or hand over
            } else if (stuck.isSettled()) {
                OwnThreads.execute(() -> settled(stuck));
            }
        }
    }

    /** On the timer's thread: nothing here may run user code, and handing over to the user's executor may. */
    @Override
    public void ring() {
        Batch<T, R> batches = changes.pumpedOnTimer();
        if (setup.ownThreads()) {
            handOver.startOnTimer(batches);
        } else if (batches != null) {
            offload(() -> start(batches));
        }
    }

    @Override
    public void offload(Runnable work) {
        setup.offload(work);
    }
}
