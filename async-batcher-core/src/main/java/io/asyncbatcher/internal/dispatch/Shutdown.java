package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.queue.Entry;
import io.asyncbatcher.internal.queue.Load;
import io.asyncbatcher.internal.thread.Alarm;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stop and start: a graceful stop ends when nothing is queued, every batch is settled and nothing is left to settle aside; a
 * forced one cuts every batch off first. Guarded by the engine's lock.
 */
public final class Shutdown<T, R extends @Nullable Object> {

    private static final CompletableFuture<@Nullable Void> NOT_STOPPED = new CompletableFuture<>();

    private final String batcher;
    private final Guarded<T, R> state;
    private final Lifecycle lifecycle;
    private final Admission<T, R> admission;
    private final InFlight<T, R> inFlight;
    private CompletableFuture<@Nullable Void> end = NOT_STOPPED;

    /** Whether what a forced stop ends is not all on its way. */
    private boolean forcing;

    // What a forced stop has taken out of the queue until it is on its way: an error may come between.
    private Endings.@Nullable Failures<T, R> taken;
    private @Nullable Load<T, R> rest;

    Shutdown(String batcher, Guarded<T, R> state, Admission<T, R> admission, InFlight<T, R> inFlight) {
        this.batcher = batcher;
        this.state = state;
        this.lifecycle = state.lifecycle();
        this.admission = admission;
        this.inFlight = inFlight;
    }

    /** Begins a stop, or makes one that is under way a forced one after the grace. Returns what completes at its end. */
    public CompletableFuture<@Nullable Void> stop(long graceNanos) {
        if (lifecycle.beginStop()) {
            end = new CompletableFuture<>();
            state.backlog().rejectAll(); // before anything is cut off: whoever takes a ticket from here on comes and is
            // rejected
            admission.giveUpAll(Rejections.stopped(batcher));
            state.partitions().standAll();
            state.endings().watch(); // from here on for what the completionExecutor is at, too
        }
        if (graceNanos <= 0) {
            force();
        } else if (lifecycle.isStopping() && graceNanos < Nanos.FOREVER) {
            CompletableFuture<@Nullable Void> ofStop = end;
            state.deadlines().add(state.now().nanos() + graceNanos, ofStop::isDone, () -> endGrace(ofStop));
        }
        return end;
    }

    /** A graceful stop becomes a forced one, unless it has ended and this is another. */
    private void endGrace(CompletableFuture<?> ofStop) {
        if (ofStop == end) {
            force();
        }
    }

    private void force() {
        if (lifecycle.isStopping()) {
            lifecycle.force();
            forcing = true;
            inFlight.cutAll();
            failQueued();
            forcing = false;
        }
    }

    /** Goes on with a forced stop where an error has come between. */
    void goOn() {
        if (forcing) {
            force();
        }
    }

    private void failQueued() {
        Failed fresh = Failed.aborted(Rejections.stoppedWhileQueued(batcher, false));
        Failed ran = Failed.aborted(Rejections.stoppedWhileQueued(batcher, true));
        Endings.Failures<T, R> failures = taken == null ? new Endings.Failures<>() : taken;
        taken = failures;
        failures.reserve(Math.toIntExact(state.backlog().roomTaken()));
        List<Entry<T, R>> entries = state.backlog().entries(weight -> true);
        state.backlog().removeEntries(entries);
        for (int i = 0; i < entries.size(); i++) { // by index: an iterator would need memory
            Entry<T, R> entry = entries.get(i);
            failures.add(entry.item, entry.called ? ran : fresh);
        }
        Load<T, R> queued = rest == null ? state.backlog().takeQueue() : rest;
        rest = queued;
        for (Item<T, R> item = queued.poll(); item != null; item = queued.poll()) {
            failures.add(item, fresh);
        }
        state.backlog().lateCells().add(queued.takeLate(), state.now());
        rest = null;
        state.endings().fail(failures);
        taken = null;
    }

    /** Ends a stop that has nothing to wait for any more. */
    void endIfDone(Alarm alarm) {
        if (lifecycle.isStopping()
                && state.endings().isEmpty()
                && state.backlog().roomTaken() == 0
                && state.slots().allSettled()
                && !state.backlog().lateCells().areAwaited(state.now())) {
            lifecycle.endStop();
            state.effects().endStop(end);
            state.deadlines().sweep();
            alarm.cancel();
        }
    }

    public void start() {
        lifecycle.start(batcher);
    }
}
