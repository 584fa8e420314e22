package io.asyncbatcher.internal.policy;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.ArrayList;
import java.util.List;

/** The batches that hold a slot, in the order of their hand-over. */
final class Runs {

    /** How many of them, the oldest, are looked at for a decision. */
    private static final int LOOKED_AT = 64;

    /** A batch that takes this many times as long as expected may wait for something that only another batch brings. */
    private static final double STALLED_AFTER = 4;

    private static final double LEAST_STALL_NANOS = 100e6;
    private static final double UNKNOWN_STALL_NANOS = 1e9;

    private final List<BatchRun> runs = new ArrayList<>(0);
    private final ServiceTimeModel service;
    private long items;
    private double busyNanos;
    private long countedTo;

    Runs(ServiceTimeModel service) {
        this.service = service;
    }

    int count() {
        return runs.size();
    }

    /** The items in them. */
    long items() {
        return items;
    }

    BatchRun began(long nowNanos, int size) {
        count(nowNanos);
        BatchRun run = new BatchRun(nowNanos, size, runs.size() + 1, busyNanos);
        runs.add(run);
        items += size;
        return run;
    }

    void ended(long nowNanos, BatchRun run) {
        count(nowNanos);
        if (runs.remove(run)) { // another one that is equal is as good
            items -= run.items();
        }
    }

    private void count(long nowNanos) {
        long passed = nowNanos - countedTo;
        if (passed > 0) {
            busyNanos += (double) passed * runs.size();
        }
        countedTo = nowNanos;
    }

    /** How many batches held a slot while one did that has ended now, on the mean and with itself. */
    double beside(long nowNanos, BatchRun run) {
        long nanos = nowNanos - run.beganNanos();
        return nanos > 0 ? Math.max(1, (busyNanos - run.busyNanos()) / nanos) : run.running();
    }

    /** How long until one of them is expected to end, if not later than that. */
    double nextEndNanos(long nowNanos, double atMost) {
        double least = atMost;
        for (int i = 0; i < Math.min(runs.size(), LOOKED_AT); i++) {
            BatchRun run = runs.get(i);
            double left = service.nanos(run.items()) - (nowNanos - run.beganNanos());
            least = Math.min(least, Math.max(0, left));
        }
        return least;
    }

    /** How many of them have stalled. */
    int stalled(long nowNanos) {
        int stalled = 0;
        while (stalled < Math.min(runs.size(), LOOKED_AT) && leftNanos(nowNanos, runs.get(stalled)) <= 0) {
            stalled++;
        }
        return stalled;
    }

    /** When another one may have stalled. */
    long nextStallNanos(long nowNanos) {
        int next = stalled(nowNanos);
        return next < Math.min(runs.size(), LOOKED_AT) ? leftNanos(nowNanos, runs.get(next)) : Nanos.FOREVER;
    }

    private long leftNanos(long nowNanos, BatchRun run) {
        double most = service.isKnown()
                ? Math.max(LEAST_STALL_NANOS, STALLED_AFTER * service.nanos(run.items()))
                : UNKNOWN_STALL_NANOS;
        return (long) Math.ceil(most) - (nowNanos - run.beganNanos());
    }
}
