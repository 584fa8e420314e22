package io.asyncbatcher.internal.policy;

import io.asyncbatcher.internal.batch.BatchRun;
import java.util.ArrayList;
import java.util.List;

/**
 * How long batches hold their slots, for whoever asks what can still be done in time: learned by size
 * ({@link ServiceTimeModel}), and corrected by how the latest calls were against that, so that a processor whose speed has
 * changed is known again after a few calls. Used under the engine's lock.
 */
public final class ServiceEstimate {

    /** The weight of the latest call in the correction. */
    private static final double LATEST = 0.2;

    /** A single slow call counts no more than this many times the expected. */
    private static final double CLIP = 4;

    /** So many mean deviations above the mean: with log-normal noise nineteen calls of twenty take no longer. */
    private static final double SAFETY = 2;

    /** How many of the running batches, the oldest, are asked when they end. */
    private static final int RUNS_LOOKED_AT = 64;

    private final ServiceTimeModel model = new ServiceTimeModel();
    private final List<BatchRun> running = new ArrayList<>(0);
    private double ratio = 1;
    private double deviation;

    /** A batch has taken a slot. */
    public void began(BatchRun run) {
        running.add(run);
    }

    /**
     * A batch has given its slot back.
     *
     * @param items with which the processor was called; zero = there is nothing to learn from it
     */
    public void ended(long nowNanos, BatchRun run, int items) {
        boolean known = running.remove(run); // another of the same start and size is as good
        if (!known || items == 0) {
            return; // it began before anybody wanted to know, or wasn't worked off
        }
        long tookNanos = nowNanos - run.beganNanos();
        double expected = model.nanos(items);
        if (isKnown() && expected > 0) {
            double now = Math.min(CLIP, Math.max(0, tookNanos) / expected);
            deviation += LATEST * (Math.abs(now - ratio) - deviation);
            ratio += LATEST * (now - ratio);
        }
        model.add(items, tookNanos);
    }

    /** A batch has given its slot back, and there is nothing to learn from it. */
    public void dropped(BatchRun run) {
        running.remove(run);
    }

    /** Whether there were calls enough to tell anything. */
    public boolean isKnown() {
        return model.isKnown();
    }

    /** The expected time of a batch of so many items. */
    public double nanos(double items) {
        return ratio * model.nanos(items);
    }

    /** A time that a batch of so many items hardly exceeds. */
    public double safeNanos(double items) {
        return (ratio + SAFETY * deviation) * model.nanos(items);
    }

    /** The expected rest of all running batches together. */
    public double runningNanos(long nowNanos) {
        int lookedAt = Math.min(running.size(), RUNS_LOOKED_AT);
        double sum = 0;
        for (int i = 0; i < lookedAt; i++) {
            BatchRun run = running.get(i);
            sum += Math.max(0, nanos(run.items()) - (nowNanos - run.beganNanos()));
        }
        return lookedAt == 0 ? 0 : sum * running.size() / lookedAt;
    }
}
