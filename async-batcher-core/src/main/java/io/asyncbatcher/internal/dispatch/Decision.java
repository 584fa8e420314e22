package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.AdaptivePolicy;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import io.asyncbatcher.internal.policy.FixedPolicy;
import io.asyncbatcher.internal.policy.NaturalPolicy;
import io.asyncbatcher.internal.policy.ServiceEstimate;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Limits;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a batch may go, and how many items it takes: the limits first, then what the user asked for, and
 * for a batch that isn't full the {@link DispatchPolicy}. Longer than other files, because the options in force, what is
 * learned under them and what they allow change together. Used under the engine's lock.
 */
final class Decision<T, R extends @Nullable Object> {

    private static final DispatchPolicy FIXED = new FixedPolicy();
    private static final DispatchPolicy NATURAL = new NaturalPolicy();

    private final Backlog<T, R> backlog;
    private final Slots<T, R> slots;
    private final Lifecycle lifecycle;
    private final Deadlines deadlines;
    private final Now now;

    private BatcherOptions options;
    private DispatchPolicy policy;

    /** How long batches take, where load is shed. */
    private @Nullable ServiceEstimate estimate;

    /** How long a batch that isn't full may wait at most. */
    private long lingerNanos;

    private int selfWaits;

    /** Whether the queue was empty, and a batch might go, when it was looked at last. */
    private boolean wasIdle;

    /** How long the partition that was asked about last may wait for more items, or {@link Nanos#FOREVER}. */
    private long waitNanos = Nanos.FOREVER;

    Decision(
            Backlog<T, R> backlog,
            Slots<T, R> slots,
            Lifecycle lifecycle,
            Deadlines deadlines,
            Now now,
            BatcherOptions options) {
        this.backlog = backlog;
        this.slots = slots;
        this.lifecycle = lifecycle;
        this.deadlines = deadlines;
        this.now = now;
        this.options = options;
        this.policy = policy(options.dispatch());
        follow();
    }

    // ---- options ----

    BatcherOptions options() {
        return options;
    }

    void replace(BatcherOptions after) {
        DispatchMode before = options.dispatch();
        options = after;
        if (after.dispatch() != before) {
            policy = policy(after.dispatch());
        }
        follow();
    }

    private void follow() {
        lingerNanos = policy.lingers() ? Nanos.of(options.maxQueueTime()) : 0;
        policy.configure(options.maxBatchSize(), options.concurrency());
        if (options.shedLoad() != (estimate != null)) {
            estimate = options.shedLoad() ? new ServiceEstimate() : null;
        }
        slots.limit(options.rateLimit());
        backlog.age(options.priorityAgeing());
    }

    private static DispatchPolicy policy(DispatchMode mode) {
        return switch (mode) {
            case FIXED -> FIXED;
            case NATURAL -> NATURAL;
            case ADAPTIVE -> new AdaptivePolicy();
        };
    }

    /** Whether what happens may change the decision about what waits. */
    boolean followsEvents() {
        return policy.followsEvents();
    }

    boolean lingers() {
        return lingerNanos > 0;
    }

    long maxBatchSize() {
        return Limits.of(options.maxBatchSize());
    }

    long maxQueueSize() {
        return Limits.of(options.maxQueueSize());
    }

    boolean isTooHeavy(long weight) {
        return isTooHeavy(weight, options);
    }

    static boolean isTooHeavy(long weight, BatcherOptions options) {
        return isLimitedByWeight(options) && weight > options.maxBatchWeight();
    }

    private static boolean isLimitedByWeight(BatcherOptions options) {
        return options.maxBatchWeight() != Limits.NONE;
    }

    // ---- what is learned ----

    /** Looks at what has arrived. */
    void look() {
        long arrived = backlog.look();
        if (arrived > 0 && policy.learns()) {
            policy.arrived(now.nanos(), (int) Math.min(arrived, Integer.MAX_VALUE), wasIdle);
        }
        backlog.stamp(lingers(), maxBatchSize(), now);
        wasIdle = backlog.seenRoomTaken() == 0 && hasFreeSlot();
    }

    /** A batch is about to give its slot back. */
    void ending() {
        if (policy.learns()) {
            look(); // what has arrived has done so before
        }
    }

    /** An entry has arrived; {@code first} if nothing was queued. */
    void arrived(boolean first) {
        if (policy.learns()) {
            policy.arrived(now.nanos(), 1, first && hasFreeSlot());
        }
    }

    /** Whether each arrival is to be looked at at once. A slot that a thread has for what it settles is free in a moment. */
    boolean followsArrivals() {
        return policy.learns() && policy.followsArrivals(now.nanos(), slotsInUse() > slots.busy());
    }

    void began(Batch<T, R> batch, int size) {
        if (policy.learns()) {
            batch.use.run = policy.began(now.nanos(), size, queued());
        } else if (estimate != null) {
            batch.use.run = new BatchRun(now.nanos(), size, 0, 0);
        }
        if (estimate != null && batch.use.run != null) {
            estimate.began(batch.use.run);
        }
        PartitionQueue<T, R> partition = batch.partition();
        partition.lingered &= backlog.size(partition) > 0 && hasFreeSlot(); // what is left has waited as long
    }

    void ended(Batch<T, R> batch, long tookNanos) {
        if (batch.use.run != null) {
            if (estimate != null) {
                estimate.ended(now.nanos(), batch.use.run, batch.state.begunWith());
            }
            policy.ended(now.nanos(), batch.use.run, tookNanos, queued());
        }
    }

    /** The processor has rejected a batch for some time. */
    void rejected(Batch<T, R> batch, long holdNanos) {
        if (batch.use.run != null) {
            if (estimate != null) {
                estimate.dropped(batch.use.run);
            }
            policy.rejected(now.nanos(), batch.use.run, holdNanos);
        }
    }

    private int queued() {
        return (int) Math.min(backlog.seenRoomTaken(), Integer.MAX_VALUE);
    }

    void dropped(Batch<T, R> batch) {
        if (batch.use.run != null) {
            policy.dropped(now.nanos(), batch.use.run);
            if (estimate != null) {
                estimate.dropped(batch.use.run);
            }
            batch.use.run = null;
        }
    }

    /** How long batches take; null where load isn't shed. */
    @Nullable
    ServiceEstimate estimate() {
        return estimate;
    }

    // ---- what is decided ----

    /** Whether so many full batches are queued, and may go. */
    boolean hasPlenty(int fullBatches) {
        return !backlog.isPartitioned()
                && lifecycle.mayDispatch()
                && isOnPace()
                && backlog.seenRoomTaken() / maxBatchSize() >= fullBatches;
    }

    boolean hasFreeSlot() {
        return freeSlots() > 0 && lifecycle.mayDispatch() && isOnPace();
    }

    long freeSlots() {
        return slotsInUse() - slots.taken();
    }

    /** A slot whose processor waits for items of its own batcher counts for the limit only. */
    private long slotsInUse() {
        long limit = Limits.of(options.concurrency());
        return policy.learns() ? Math.min(limit, policy.slots(now.nanos()) + selfWaits) : limit;
    }

    /** How long until another slot may be used though none becomes free, or {@link Nanos#FOREVER}. */
    long slotsWaitNanos() {
        boolean waits = policy.learns()
                && backlog.seenRoomTaken() > 0
                && lifecycle.mayDispatch()
                && freeSlots() <= 0
                && slots.taken() < Limits.of(options.concurrency());
        return waits ? policy.slotsWaitNanos(now.nanos()) : Nanos.FOREVER;
    }

    /** So many processors wait for items of their own batcher. */
    void selfWaits(int number) {
        selfWaits = number;
    }

    /** Free ones and others. */
    long slotCount() {
        return freeSlots() + slots.taken();
    }

    boolean isOnPace() {
        return paceNanos() == 0;
    }

    long paceNanos() {
        return slots.paceNanos();
    }

    /** Whether there is a slot for what waits, and only the pace holds it back. */
    boolean isHeldBack() {
        return !isOnPace()
                && (slots.hasHalved() || (backlog.seenRoomTaken() > 0 && freeSlots() > 0 && lifecycle.mayDispatch()));
    }

    /** How many of so many items the next batch of a partition takes. */
    long share(long size) {
        return Math.min(policy.share((int) Math.min(size, Integer.MAX_VALUE)), maxBatchSize());
    }

    /** Why a batch of a partition may go once there is a slot; if null, {@link #waitNanos} says when to ask again. */
    @Nullable
    DispatchReason reason(PartitionQueue<T, R> partition) {
        waitNanos = Nanos.FOREVER;
        long size = backlog.size(partition);
        if (size == 0) {
            partition.lingered = false;
            return null;
        }
        if (size >= maxBatchSize()) {
            return DispatchReason.FULL;
        }
        if (isLimitedByWeight(options) && partition.weight() >= options.maxBatchWeight()) {
            return DispatchReason.WEIGHT;
        }
        if (backlog.seenRoomTaken() >= maxQueueSize()) {
            return DispatchReason.FULL;
        }
        if (!lifecycle.isRunning()) {
            return DispatchReason.STOP;
        }
        if (backlog.isFlushed(partition)) {
            return DispatchReason.FLUSH;
        }
        return lingers() ? reasonNotToWait(partition, size) : DispatchReason.IDLE;
    }

    private @Nullable DispatchReason reasonNotToWait(PartitionQueue<T, R> partition, long size) {
        long lingered = now.nanos() - backlog.sinceNanos(partition);
        boolean free = hasFreeSlot();
        if (free) {
            long waited = partition.lingered ? now.nanos() - partition.lingerSinceNanos : 0;
            lingered = policy.lingeredNanos(lingered, waited);
        }
        long left = lingerNanos - lingered;
        if (left <= 0) {
            return DispatchReason.LINGER;
        }
        long wait = left;
        if (free) {
            Deadlines.Deadline first = deadlines.next();
            long slack = first == null ? DispatchPolicy.NEVER : first.deadlineNanos() - now.nanos();
            int slotsFree = (int) Math.min(freeSlots(), Integer.MAX_VALUE);
            wait = policy.waitNanos(
                    new DispatchPolicy.Moment(now.nanos(), (int) size, lingered, left, slack, slotsFree));
            if (wait <= 0) {
                return partition.lingered ? DispatchReason.LINGER : DispatchReason.IDLE;
            }
            beginLinger(partition);
        }
        waitNanos = Math.min(wait, left);
        return null;
    }

    /** Once a batch: other partitions may take the slot while it waits, and that time counts, or they could keep it out. */
    private void beginLinger(PartitionQueue<T, R> partition) {
        if (!partition.lingered) {
            partition.lingered = true;
            partition.lingerSinceNanos = now.nanos();
        }
    }

    /** How long the partition that was asked about last may wait for more items, or {@link Nanos#FOREVER}. */
    long waitNanos() {
        return waitNanos;
    }
}
