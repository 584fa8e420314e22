package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.batch.BatchBinding;
import io.asyncbatcher.internal.batch.BatchOwner;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.thread.Alarm;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which queued items go into a batch now, and until when the others wait for more. Every change ends in
 * {@link #pump}, which binds all that may go and sets the alarm. No method runs user code. Guarded by the engine's lock.
 */
public final class Dispatcher<T, R extends @Nullable Object> {

    private final BatchOwner<T, R> owner;
    private final Guarded<T, R> state;
    private final Setup<T> setup;
    private final Backlog<T, R> backlog;
    private final Deadlines deadlines;
    private final Alarm alarm;
    private final Now now;
    private final Lifecycle lifecycle;
    private final Slots<T, R> slots;
    private final Decision<T, R> decision;
    private final PartitionSchedule<T, R> partitions;
    private final Endings<T, R> endings;
    private final Admission<T, R> admission;
    private final InFlight<T, R> inFlight;
    private final Shutdown<T, R> shutdown;
    private final Effects<T, R> effects;

    // made when there is something to do for them, because most of thousands of batchers may be idle:
    private @Nullable Tally tally;
    private @Nullable StrayItems<T, R> strays;
    private @Nullable SelfWaits selfWaits;

    /** How many items may be queued: the limit, or what was queued when a lower one came. */
    private long mostQueued;

    public Dispatcher(EnginePorts<T, R> engine, Setup<T> setup, Guarded<T, R> state) {
        this.owner = engine;
        this.setup = setup;
        this.state = state;
        this.backlog = state.backlog();
        this.deadlines = state.deadlines();
        this.now = state.now();
        this.lifecycle = state.lifecycle();
        this.slots = state.slots();
        this.decision = state.decision();
        this.partitions = state.partitions();
        this.endings = state.endings();
        this.effects = state.effects();
        alarm = new Alarm(setup.time(), engine::ring);
        admission = new Admission<>(state);
        inFlight = new InFlight<>(setup, state);
        shutdown = new Shutdown<>(setup.name(), state, admission, inFlight);
        mostQueued = decision.maxQueueSize();
    }

    public Admission<T, R> admission() {
        return admission;
    }

    public InFlight<T, R> inFlight() {
        return inFlight;
    }

    public Endings<T, R> endings() {
        return endings;
    }

    public StrayItems<T, R> strays() {
        if (strays == null) {
            strays = new StrayItems<>(setup.name(), state, admission);
        }
        return strays;
    }

    public Shutdown<T, R> shutdown() {
        return shutdown;
    }

    public SelfWaits selfWaits() {
        if (selfWaits == null) {
            selfWaits = new SelfWaits(decision, inFlight);
        }
        return selfWaits;
    }

    public Lifecycle lifecycle() {
        return lifecycle;
    }

    public Effects<T, R> effects() {
        return effects;
    }

    public BatcherOptions options() {
        return decision.options();
    }

    public Tally tally() {
        if (tally == null) {
            tally = new Tally();
        }
        return tally;
    }

    // ---- after each change ----

    /** Binds every batch that may go now, and leaves word when to look again. */
    public void pump() {
        expireOverdue();
        shutdown.goOn();
        partitions.endWaits();
        if (!backlog.lateCells().isEmpty()) {
            strays().recoverLate();
        }
        do {
            admission.admitWaiting();
            while (!effects.isFull() && bindNext()) {
                admission.admitWaiting();
            }
        } while (!effects.isFull() && leaveWord());
        setAlarm();
        shutdown.endIfDone(alarm);
        if (!endings.isEmpty()) {
            endings.watch();
        }
        now.forget();
    }

    /** Binds a batch that may go now: false if there is none. */
    private boolean bindNext() {
        decision.look();
        if (slots.hasHalved() && decision.isOnPace()) {
            callHalved();
            return true;
        }
        if (!decision.hasFreeSlot()) {
            return false;
        }
        return partitions.isUsed() ? bindInTurn() : bindIfDue(backlog.main());
    }

    private boolean bindInTurn() {
        partitions.askWaiting();
        for (PartitionQueue<T, R> next = partitions.first(); next != null; next = partitions.first()) {
            if (bindIfDue(next)) {
                return true;
            }
            partitions.standAnew(next);
        }
        return false;
    }

    /** Asks once, because a second answer may differ: a deadline that counts may be over by then. */
    private boolean bindIfDue(PartitionQueue<T, R> partition) {
        DispatchReason reason = decision.reason(partition);
        if (reason != null) {
            bind(partition, reason);
        }
        return reason != null;
    }

    /**
     * Binds a batch. Memory may be short or the stack full, so all that may fail comes first, when nothing has changed yet,
     * and what comes last may be missing.
     */
    private void bind(PartitionQueue<T, R> partition, DispatchReason reason) {
        Shedding<T, R> shedding = admission.shedding();
        long share = shedding == null ? decision.share(backlog.size(partition)) : shedding.share(partition);
        long since = decision.lingers() ? backlog.sinceNanos(partition) : BatchBinding.UNKNOWN;
        Load<T, R> load = new Load<>();
        Batch<T, R> batch = new Batch<>(
                owner,
                setup,
                new BatchBinding<>(load, partition, options(), since, backlog.head()),
                owner.report(reason));
        inFlight.limitTime(batch);

        backlog.take(partition, share, options().maxBatchWeight(), now, load);
        slots.take(batch);
        slots.handOver(batch);
        effects.start(batch);

        tally().dispatched(reason, load.size());
        decision.began(batch, load.size());
        partitions.standAnew(partition);
    }

    /** Hands a batch over for its next call. */
    private void callHalved() {
        Batch<T, R> batch = slots.firstHalved();
        inFlight.limitTime(batch);
        slots.removeHalved(batch);
        slots.handOver(batch);
        batch.state.handOverAgain();
        effects.start(batch);
    }

    private boolean leaveWord() {
        if (!lifecycle.isRunning()) {
            backlog.rejectAll();
            return false;
        }
        return backlog.leaveWord(
                decision.maxQueueSize(),
                decision.maxBatchSize(),
                decision.followsArrivals(),
                decision.hasFreeSlot(),
                decision.lingers(),
                inFlight.isQuick(),
                now);
    }

    // ---- time ----

    /** Ends whatever has waited long enough, so that none of it goes into a batch, however late the alarm is. */
    private void expireOverdue() {
        if (deadlines.next() != null) {
            deadlines.expireDue(now.nanos());
        }
        if (strays != null) {
            strays.settleExpired();
        }
    }

    private void setAlarm() {
        if (lifecycle.isStopped()) {
            return;
        }
        long late = backlog.lateCells().nextLookNanos(now);
        boolean set = setAlarm(late);
        boolean lingering = lifecycle.isRunning() && !partitions.isUsed() && decision.hasFreeSlot();
        set |= lingering && setAlarm(decision.waitNanos());
        long pace = slots.paceNanos();
        set |= pace > 0 && (backlog.seenRoomTaken() > 0 || slots.hasHalved()) && setAlarm(pace);
        slots.holdBack(decision.isHeldBack());
        set |= setAlarm(deadlines.next());
        set |= setAlarm(partitions.nextWait());
        set |= setAlarm(decision.slotsWaitNanos());
        if (!set) {
            alarm.cancelIfLong();
        }
    }

    private boolean setAlarm(long delayNanos) {
        if (delayNanos < Nanos.FOREVER) {
            alarm.setFor(now.nanos() + delayNanos);
        }
        return delayNanos < Nanos.FOREVER;
    }

    private boolean setAlarm(Deadlines.@Nullable Deadline next) {
        if (next != null) {
            alarm.setFor(next.deadlineNanos());
        }
        return next != null;
    }

    // ---- operating ----

    public void flush() {
        if (!lifecycle.isPaused()) {
            backlog.flush();
            partitions.standAll();
        }
    }

    public void pause(boolean paused) {
        lifecycle.pause(paused);
        partitions.standAll();
    }

    /** Puts other options in force, unless somebody else did in between. */
    public boolean replace(BatcherOptions before, BatcherOptions after) {
        if (!options().equals(before)) {
            return false;
        }
        if (after.maxBatchWeight() != before.maxBatchWeight()) {
            List<Entry<T, R>> tooHeavy = backlog.entries(weight -> Decision.isTooHeavy(weight, after));
            inFlight.failTooHeavy(tooHeavy, after);
            backlog.removeEntries(tooHeavy); // after what may find no memory, or they would be lost
        }
        decision.replace(after);
        mostQueued = Math.max(decision.maxQueueSize(), backlog.roomTaken());
        backlog.reconfigure();
        partitions.standAll();
        return true;
    }

    public BatcherSnapshot snapshot() {
        return tally().snapshot(state, mostQueued);
    }
}
