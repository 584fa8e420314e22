package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.SlotRule;
import java.util.function.DoubleUnaryOperator;

/** A number of slots that somebody might have chosen. */
final class FixedSlots implements SlotRule {

    private final int chosen;
    private int slots;

    FixedSlots(int chosen) {
        this.chosen = chosen;
    }

    @Override
    public void configure(int maxBatchSize, int limit) {
        slots = limit == -1 ? chosen : Math.min(limit, chosen);
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public void ended(long nowNanos, BatchRun run, double running, int queued, DoubleUnaryOperator expected) {}

    @Override
    public void rejected(long nowNanos, BatchRun run, long holdNanos) {}
}
