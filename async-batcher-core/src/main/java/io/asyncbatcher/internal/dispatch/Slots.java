package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.RateLimit;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchState;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What batches run in, and the batches that are not settled: a slot is taken from a batch's hand-over to its
 * processor's return, whether or not its items have been settled without it, and its items are settled after that. Used
 * under the engine's lock.
 */
public final class Slots<T, R extends @Nullable Object> {

    private final Now now;
    private int busy;
    private int abandoned;

    /** Free slots that are kept for threads which settle what they had in them. */
    private int reserved;

    /** The unsettled batches, linked by {@link Batch#after}. */
    private @Nullable Batch<T, R> first;

    /** Batches that have a slot and wait for their next call. */
    private @Nullable ArrayDeque<Batch<T, R>> halved;

    private @Nullable RateGate pace; // made when the processor's calls are limited, or held up, for the first time

    public Slots(Now now) {
        this.now = now;
    }

    int busy() {
        return busy;
    }

    /** Slots that no other batch can have. */
    int taken() {
        return busy + reserved;
    }

    int abandoned() {
        return abandoned;
    }

    // ---- pace ----

    /** Sets the limit of calls; those that were handed over without one and have not begun count, too. */
    void limit(@Nullable RateLimit limit) {
        if (limit != null || pace != null) {
            pace().limit(limit);
        }
        for (Batch<T, R> batch = first; limit != null && batch != null; batch = batch.after) {
            if (!batch.use.paced && batch.state.isHandedOver()) {
                handOver(batch);
            }
        }
    }

    /** Lets no call begin for a while. */
    void hold(long nanos) {
        pace().hold(now.nanos() + nanos);
    }

    private RateGate pace() {
        if (pace == null) {
            pace = new RateGate();
        }
        return pace;
    }

    /** How long no call may be handed over; {@link Nanos#FOREVER} = until another has begun. */
    long paceNanos() {
        return pace == null || pace.isFree() ? 0 : pace.waitNanos(now.nanos());
    }

    /** Whether the pace, and nothing else, holds something back from now on. */
    void holdBack(boolean something) {
        if (pace != null && (something || pace.hasHeldBack())) {
            pace.holdBack(something, now.nanos());
        }
    }

    // ---- calls ----

    /** A batch takes a slot. */
    void take(Batch<T, R> batch) {
        busy++;
        batch.use.holdsSlot = true;
        batch.after = first;
        if (first != null) {
            first.before = batch;
        }
        first = batch;
        batch.use.unsettled = true;
    }

    /** A batch is handed over for a call. */
    void handOver(Batch<T, R> batch) {
        batch.use.heldNanos = pace != null && pace.hasHeldBack() ? pace.takeHeldBackNanos(now.nanos()) : 0;
        if (pace != null && pace.isLimited()) {
            batch.use.paced = true;
            pace.handOver();
        }
    }

    /** A call that was handed over begins, or never will. */
    void calling(Batch<T, R> batch, boolean really) {
        if (!batch.use.paced || pace == null) {
            return;
        }
        batch.use.paced = false;
        if (really) {
            pace.begin(now.nanos());
        } else {
            pace.takeBack();
        }
    }

    /** A batch keeps its slot and wants another call. */
    void callAgain(Batch<T, R> batch) {
        if (halved == null) {
            halved = new ArrayDeque<>();
        }
        halved.add(batch);
    }

    boolean hasHalved() {
        return halved != null && !halved.isEmpty();
    }

    /** The batch that has waited longest for its next call, where there is one. */
    Batch<T, R> firstHalved() {
        return Objects.requireNonNull(halved).element();
    }

    void removeHalved(Batch<T, R> batch) {
        if (halved != null) {
            halved.remove(batch);
        }
    }

    // ---- ends ----

    /** A batch gives its slot back: false if it has done so before. */
    boolean free(Batch<T, R> batch, boolean wasAbandoned) {
        boolean free = batch.use.holdsSlot;
        if (free) {
            batch.use.holdsSlot = false;
            busy--;
            abandoned -= wasAbandoned ? 1 : 0;
        }
        return free;
    }

    /** Keeps a free slot for the thread that settles a batch. */
    void reserve(Batch<T, R> batch) {
        batch.use.reserving = true;
        reserved++;
    }

    /** Keeps it no longer. */
    void release(Batch<T, R> batch) {
        reserved -= batch.use.reserving ? 1 : 0;
        batch.use.reserving = false;
    }

    /** A batch is cut off: its slot is free if it had not begun, or taken until its processor returns. */
    void cut(Batch<T, R> batch, BatchState.Step before) {
        if (before == BatchState.Step.HANDED_OVER) {
            calling(batch, false);
            free(batch, false);
            removeHalved(batch);
        } else if (before == BatchState.Step.RUNNING) {
            abandoned++;
        }
        release(batch);
        settled(batch);
    }

    /** Nobody has to wait for the batch any more. */
    void settled(Batch<T, R> batch) {
        if (!batch.use.unsettled) {
            return;
        }
        batch.use.unsettled = false;
        Batch<T, R> before = batch.before;
        Batch<T, R> after = batch.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after != null) {
            after.before = before;
        }
        batch.before = null;
        batch.after = null;
    }

    boolean allSettled() {
        return first == null;
    }

    List<Batch<T, R>> unsettled() {
        List<Batch<T, R>> batches = new ArrayList<>();
        for (Batch<T, R> batch = first; batch != null; batch = batch.after) {
            batches.add(batch);
        }
        return batches;
    }
}
