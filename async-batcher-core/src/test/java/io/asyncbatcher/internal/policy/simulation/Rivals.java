package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.DispatchPolicy;
import java.util.ArrayDeque;
import java.util.List;

/** The rules of other projects, written anew from their public source, to be judged as ours is. */
final class Rivals {

    private static final double MILLI = 1e6;

    static final List<PolicySetting> ALL = List.of(
            PolicySetting.rival("FoundationDB: a tenth of the latency", LatencyFraction::new),
            PolicySetting.rival("BentoML: cork while that is cheap", Cork::new),
            PolicySetting.rival("Clipper: AIMD of the size, 10 ms", () -> new AimdSize(10 * MILLI)),
            PolicySetting.rival("batch-aint-one: balanced, 4", () -> new Balanced(4)),
            PolicySetting.rival("batch-aint-one: balanced, 16", () -> new Balanced(16)),
            PolicySetting.rival("HotChocolate: settled for 0.25 ms", () -> new Settled(0.25 * MILLI)),
            PolicySetting.rival("HotChocolate: settled for 1 ms", () -> new Settled(MILLI)));

    private Rivals() {}

    /** All that is queued goes into the next batch. */
    private abstract static class TakesAll implements DispatchPolicy {

        @Override
        public int share(int queued) {
            return queued;
        }

        @Override
        public boolean learns() {
            return true;
        }
    }

    /** FoundationDB's commit proxy: the interval between batches follows a tenth of what a batch takes, from 1 to 20 ms. */
    private static final class LatencyFraction extends TakesAll {

        private double intervalNanos = MILLI;

        @Override
        public BatchRun began(long nowNanos, int items, int queued) {
            return new BatchRun(nowNanos, items, 1, 0);
        }

        @Override
        public void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {
            double smoothed = 0.1 * (0.1 * tookNanos) + 0.9 * intervalNanos;
            intervalNanos = Math.max(MILLI, Math.min(20 * MILLI, smoothed));
        }

        @Override
        public long waitNanos(Moment moment) {
            return (long) intervalNanos - moment.lingeredNanos();
        }
    }

    /**
     * BentoML's dispatcher: waits while items × (time since the last arrival + cost of an item) is less than 0.95 of the mean
     * wait of the last 50 batches' newest items. Without its tick of a millisecond, which would only delay it.
     */
    private static final class Cork extends TakesAll {

        private static final int KEPT = 50;

        private record Sample(int items, double waitNanos, double tookNanos) {}

        private final ArrayDeque<Sample> samples = new ArrayDeque<>();
        private long lastArrival;
        private double waitNanos = 10 * MILLI;
        private double perItem = 2 * MILLI;

        @Override
        public void arrived(long nowNanos, int items, boolean idle) {
            lastArrival = nowNanos;
        }

        @Override
        public BatchRun began(long nowNanos, int items, int queued) {
            return new BatchRun(nowNanos, items, 1, nowNanos - lastArrival);
        }

        @Override
        public void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {
            samples.add(new Sample(run.items(), run.busyNanos(), tookNanos));
            if (samples.size() > KEPT) {
                samples.remove();
            }
            double n = samples.size();
            double x = samples.stream().mapToDouble(Sample::items).sum() / n;
            double y = samples.stream().mapToDouble(Sample::tookNanos).sum() / n;
            double xy = samples.stream()
                    .mapToDouble(each -> (each.items - x) * (each.tookNanos - y))
                    .sum();
            double xx = samples.stream()
                    .mapToDouble(each -> (each.items - x) * (each.items - x))
                    .sum();
            perItem = xx == 0 ? y / x : Math.max(1, xy / xx);
            waitNanos = samples.stream().mapToDouble(Sample::waitNanos).sum() / n;
        }

        @Override
        public long waitNanos(Moment moment) {
            double since = moment.nowNanos() - lastArrival;
            return (long) (0.95 * waitNanos / moment.queued() - perItem - since);
        }
    }

    /** Clipper: a batch is at most so large; one more while it keeps the objective, a tenth less when it doesn't. */
    private static final class AimdSize extends TakesAll {

        private final double objectiveNanos;
        private double size = 1;

        AimdSize(double objectiveNanos) {
            this.objectiveNanos = objectiveNanos;
        }

        @Override
        public BatchRun began(long nowNanos, int items, int queued) {
            return new BatchRun(nowNanos, items, 1, 0);
        }

        @Override
        public void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {
            if (tookNanos > objectiveNanos) {
                size = Math.max(1, 0.9 * size);
            } else if (run.items() >= (int) size) {
                size++;
            }
        }

        @Override
        public long waitNanos(Moment moment) {
            return 0;
        }

        @Override
        public int share(int queued) {
            return Math.min(queued, (int) size);
        }
    }

    /** The crate batch-aint-one: at once when nothing runs, beside another batch only with a least size. */
    private static final class Balanced extends TakesAll {

        private final int least;
        private int running;

        Balanced(int least) {
            this.least = least;
        }

        @Override
        public BatchRun began(long nowNanos, int items, int queued) {
            running++;
            return new BatchRun(nowNanos, items, 1, 0);
        }

        @Override
        public void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {
            running--;
        }

        @Override
        public long waitNanos(Moment moment) {
            return running == 0 || moment.queued() >= least ? 0 : NEVER;
        }
    }

    /** HotChocolate: when no item has come for a while. */
    private static final class Settled extends TakesAll {

        private final double settleNanos;
        private long lastArrival;

        Settled(double settleNanos) {
            this.settleNanos = settleNanos;
        }

        @Override
        public void arrived(long nowNanos, int items, boolean idle) {
            lastArrival = nowNanos;
        }

        @Override
        public long waitNanos(Moment moment) {
            return (long) settleNanos - (moment.nowNanos() - lastArrival);
        }
    }
}
