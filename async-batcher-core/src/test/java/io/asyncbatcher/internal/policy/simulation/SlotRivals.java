package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.SlotRule;
import java.util.function.DoubleUnaryOperator;

/**
 * The rules of Netflix' concurrency-limits, with their defaults, written anew from the public source. They begin with 20
 * calls, look at the time of each call, whatever its size, and know no number below one.
 */
abstract class SlotRivals implements SlotRule {

    private static final double FIRST = 20;

    /** The estimate is theirs; never more than the limit are used. */
    double estimate = FIRST;

    private int limit = Integer.MAX_VALUE;

    @Override
    public final void configure(int maxBatchSize, int limit) {
        this.limit = limit == -1 ? Integer.MAX_VALUE : limit;
    }

    @Override
    public final int slots() {
        return Math.min(limit, Math.max(1, (int) estimate));
    }

    @Override
    public final void ended(long nowNanos, BatchRun run, double running, int queued, DoubleUnaryOperator expected) {
        update(Math.max(1.0, (double) (nowNanos - run.beganNanos())), run.running(), false);
        estimate = Math.min(limit, estimate);
    }

    @Override
    public final void rejected(long nowNanos, BatchRun run, long holdNanos) {
        update(Math.max(1.0, (double) (nowNanos - run.beganNanos())), run.running(), true);
    }

    abstract void update(double nanos, int running, boolean refused);

    /** TCP Vegas: the least time ever is that without a queue; the queue is kept between 3 and 6 times log10 of the limit. */
    static final class Vegas extends SlotRivals {

        private double least = Double.MAX_VALUE;
        private int toProbe = (int) (30 * FIRST);

        @Override
        void update(double nanos, int running, boolean refused) {
            double step = Math.max(1, Math.log10(estimate));
            if (--toProbe <= 0) {
                toProbe = (int) (0.75 * 30 * estimate);
                least = nanos;
            } else if (nanos < least && !refused) {
                least = nanos;
            } else if (refused) {
                estimate = Math.max(1, estimate - step);
            } else if (2 * running >= estimate) {
                double queue = Math.ceil(estimate * (1 - least / nanos));
                if (queue <= step) {
                    estimate += 6 * step;
                } else if (queue < 3 * step) {
                    estimate += step;
                } else if (queue > 6 * step) {
                    estimate = Math.max(1, estimate - step);
                }
            }
        }
    }

    /** Gradient2: the time of a call against its mean over 600 calls, a half more is tolerated, with room for four more. */
    static final class Gradient2 extends SlotRivals {

        private double mean;
        private int calls;

        @Override
        void update(double nanos, int running, boolean refused) {
            calls++;
            mean += (nanos - mean) * (calls <= 10 ? 1.0 / calls : 2.0 / 601);
            if (mean / nanos > 2) {
                mean *= 0.95;
            }
            if (2 * running >= estimate) {
                double gradient = Math.max(0.5, Math.min(1, 1.5 * mean / nanos));
                estimate = Math.max(1, 0.8 * estimate + 0.2 * (estimate * gradient + 4));
            }
        }
    }
}
