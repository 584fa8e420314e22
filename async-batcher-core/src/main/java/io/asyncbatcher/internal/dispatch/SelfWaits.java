package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.item.Rejections;
import io.asyncbatcher.internal.item.SelfWaitGuard;
import io.asyncbatcher.internal.thread.Limits;

/** Counts the processors that wait for items of their own batcher. Guarded by the engine's lock. */
public final class SelfWaits {

    private final Decision<?, ?> decision;
    private final InFlight<?, ?> inFlight;
    private int waiting;

    SelfWaits(Decision<?, ?> decision, InFlight<?, ?> inFlight) {
        this.decision = decision;
        this.inFlight = inFlight;
    }

    /**
     * A processor is about to wait.
     *
     * @return false if that is no danger; then {@link #end} must not follow
     * @throws IllegalStateException if all slots would wait so
     */
    public boolean begin(SelfWaitGuard<?> awaited) {
        BatcherOptions options = decision.options();
        int slots = options.concurrency();
        if (awaited.waitsOnlyFor(item -> !inFlight.needsSlot(item))) {
            return false;
        }
        if (slots != Limits.NONE && waiting + 1 >= slots) {
            throw Rejections.endlessWait(options.name(), slots);
        }
        decision.selfWaits(++waiting);
        return true;
    }

    /** Such a wait is over. */
    public void end() {
        decision.selfWaits(--waiting);
    }
}
