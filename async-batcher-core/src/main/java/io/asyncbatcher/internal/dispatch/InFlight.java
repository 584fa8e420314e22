package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchState;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.RetryRequest;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.settlement.Settlement;
import io.asyncbatcher.internal.settlement.Worker;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of batches after their hand-over: they want another call, return, are rejected by the executor, run out of
 * time or are cut off. Guarded by the engine's lock.
 */
public final class InFlight<T, R extends @Nullable Object> {

    private final Setup<T> setup;
    private final Backlog<T, R> backlog;
    private final Slots<T, R> slots;
    private final Decision<T, R> decision;
    private final PartitionSchedule<T, R> partitions;
    private final Deadlines deadlines;
    private final Endings<T, R> endings;
    private final Now now;

    /** Whether the last batch was quick: then somebody looks often enough, and nobody needs to be sent to the clock. */
    private boolean quick;

    public InFlight(Setup<T> setup, Guarded<T, R> state) {
        this.setup = setup;
        this.backlog = state.backlog();
        this.slots = state.slots();
        this.decision = state.decision();
        this.partitions = state.partitions();
        this.deadlines = state.deadlines();
        this.endings = state.endings();
        this.now = state.now();
    }

    boolean isQuick() {
        return quick && slots.taken() > 0;
    }

    // ---- calls and returns ----

    /** A batch's call of the processor begins, or is called off because there is nothing left to call it with. */
    public void calling(Batch<T, R> batch, boolean really) {
        slots.calling(batch, really);
    }

    /** A batch keeps its slot and wants another call. */
    public void again(Batch<T, R> batch) {
        if (batch.use.unsettled) {
            slots.callAgain(batch); // unless a forced stop has cut it off
        }
    }

    /** A processor has returned; an abandoned one late. */
    public void returned(Batch<T, R> batch) {
        slots.calling(batch, false); // where the call failed before it began
        slots.removeHalved(batch);
        if (batch.state.hasLate()) {
            late(batch);
        }
        decision.ending();
        long holdNanos = batch.state.holdNanos();
        if (holdNanos > 0 && batch.use.holdsSlot) {
            slots.hold(holdNanos);
        }
        if (slots.free(batch, batch.isAbandoned())) { // or an error has come between, and this is the second attempt
            freed(batch, holdNanos);
        }
        if (!batch.isAbandoned()) {
            giveBack(batch);
            leave(batch);
        }
    }

    /** A batch has given its slot back. */
    private void freed(Batch<T, R> batch, long holdNanos) {
        quick = batch.isQuick();
        if (holdNanos > 0) {
            decision.rejected(batch, holdNanos);
        } else {
            decision.ended(batch, batch.tookNanos());
        }
        if (batch.isAbandoned()) {
            return;
        }
        endings.watch();
        if (batch.comesBack() && batch.use.unsettled) {
            slots.reserve(batch);
            batch.use.plentyBehind = setup.mayHoldBack() && decision.hasPlenty(Worker.PLENTY);
        }
    }

    private void leave(Batch<T, R> batch) {
        if (!batch.use.left) {
            batch.use.left = true;
            backlog.leave(batch.partition(), batch.state.gone());
        }
    }

    private void giveBack(Batch<T, R> batch) {
        boolean mayGiveBack = batch.use.unsettled && !batch.isAbandoned(); // or a forced stop has settled all of it
        if (mayGiveBack && batch.state.giveBack(this::giveBack)) {
            partitions.stand(batch.partition());
        }
    }

    /** An item goes back to the queue; its partition is to be put in its place then. */
    private void giveBack(Entry<T, R> entry, RetryRequest request) {
        if (decision.isTooHeavy(entry.weight)) {
            entry.called = true;
            failTooHeavy(List.of(entry), decision.options());
            backlog.leave(entry.partition, 1);
            return;
        }
        long nowNanos = now.nanos(); // other calls of the batch may have taken some of the delay, or all of it
        backlog.addBack(entry, request.leftNanos(nowNanos), nowNanos, partitions::stand);
        entry.attempts = request.attempts();
    }

    /** No batch can hold these any more, because the limit of its weight is lower than when they were accepted. */
    void failTooHeavy(List<Entry<T, R>> entries, BatcherOptions options) {
        Endings.Failures<T, R> failures = new Endings.Failures<>();
        for (Entry<T, R> entry : entries) {
            failures.add(entry.item, Failed.by(Rejections.tooHeavy(options, entry.weight, entry.called)));
        }
        endings.fail(failures);
    }

    /** The thread that settles the batch has come back, with all of it settled or not, or may not come back soon. */
    public void release(Batch<T, R> batch, boolean settled) {
        slots.release(batch);
        if (settled) {
            slots.settled(batch);
        }
    }

    /** A batch has come for items that are not stored yet. */
    public void late(Batch<T, R> batch) {
        backlog.lateCells().add(batch.state.takeLate(), now);
    }

    /** Whether an item is queued, or in a batch whose processor has not returned. */
    public boolean needsSlot(Object item) {
        return backlog.contains(item)
                || slots.unsettled().stream().anyMatch(batch -> batch.state.isToReturn() && batch.state.contains(item));
    }

    // ---- batches that are cut off ----

    /** The executor didn't take the batch. If an error comes between, it is cut off when deadlines expire. */
    public void rejected(Batch<T, R> batch, Throwable cause) {
        int handOver = batch.state.handOvers();
        deadlines.add(now.nanos(), () -> batch.state.isOver(handOver), () -> cutRejected(batch, cause));
        cutRejected(batch, cause);
    }

    private void cutRejected(Batch<T, R> batch, Throwable cause) {
        BatchState.Step before = batch.state.cutOff(false);
        if (before == BatchState.Step.HANDED_OVER) {
            String name = setup.name();
            failCut(
                    batch,
                    before,
                    Rejections.rejectedByExecutor(name, cause, false),
                    Rejections.rejectedByExecutor(name, cause, true),
                    null);
        }
    }

    /** Every batch is cut off or abandoned, and its items fail. */
    void cutAll() {
        BatcherException inFlight = Rejections.stoppedInFlight(setup.name());
        BatcherException queued = Rejections.stoppedWhileQueued(setup.name(), false);
        BatcherException queuedAgain = Rejections.stoppedWhileQueued(setup.name(), true);
        for (Batch<T, R> batch : slots.unsettled()) {
            BatchState.Step before = batch.state.cutOff(true);
            boolean begun = before != BatchState.Step.HANDED_OVER;
            failCut(batch, before, begun ? inFlight : queued, begun ? inFlight : queuedAgain, null);
        }
    }

    /**
     * Settles what was in a batch that has been cut off, and gives its slot back if it never began. What may fail comes
     * first. Until all is done, the batch isn't completely cut off, and the next attempt repeats it.
     */
    private void failCut(
            Batch<T, R> batch,
            BatchState.Step before,
            BatcherException fresh,
            BatcherException ran,
            @Nullable BiConsumer<Entry<T, R>, RetryRequest> back) {
        Settlement<T, R> failing = batch.failing(Failed.aborted(fresh), Failed.aborted(ran), back);
        if (back != null) {
            partitions.stand(batch.partition());
        }
        late(batch);
        if (before == BatchState.Step.HANDED_OVER) {
            decision.dropped(batch);
        }
        endings.settle(failing);

        slots.cut(batch, before);
        leave(batch);
        batch.state.cutOffIsDone();
    }

    /** Begins the time of a hand-over of a batch. */
    void limitTime(Batch<T, R> batch) {
        Duration timeout = decision.options().batchTimeout();
        batch.use.limited = timeout != null;
        if (timeout != null) {
            batch.use.overNanos = now.nanos() + Nanos.of(timeout);
            int handOver = batch.state.handOvers();
            deadlines.add(batch.use.overNanos, () -> batch.state.isOver(handOver), () -> giveUp(batch, handOver));
        }
    }

    /** A batch is given up, because it has not got further in time. */
    private void giveUp(Batch<T, R> batch, int handOver) {
        BatchState.Step before = batch.use.unsettled ? batch.state.cutOff(handOver) : null;
        if (before != null) {
            BatcherOptions options = decision.options();
            failCut(
                    batch,
                    before,
                    Rejections.timedOut(options, false),
                    Rejections.timedOut(options, true),
                    this::giveBack);
        }
    }
}
