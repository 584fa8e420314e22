package io.asyncbatcher.internal.policy;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link DispatchMode#ADAPTIVE}: a batch goes as soon as a slot is free, unless waiting a little longer is expected to
 * save more than it costs.
 *
 * <p>Two things are learned: how long a batch takes by its size ({@link ServiceTimeModel}), and how many items are still to
 * come ({@link ArrivalPattern}). From these each possible wait has a price, in nanoseconds summed over the items. A wait
 * gains what the items that it catches need not wait for the next free slot, and a part of the call that they save. It
 * costs the wait of those already queued, and of those that will be blocked behind them. The wait with the best balance
 * is taken; every event asks anew. No wait is longer than a quarter of the batch's own expected time, so a wrong guess
 * costs little. There is deliberately no rule against waits that were in vain: where one request in five fans out, most
 * are, and pay all the same.
 *
 * <p>Slots share what is queued, in batches large enough for the slots to keep up with the arrivals.
 */
public final class AdaptivePolicy implements DispatchPolicy {

    /** Under this much expected time no batch lingers: the timer is too coarse, and following each arrival costs. */
    private static final double SHORTEST_NANOS = 200e3;

    /** The longest linger, as a part of the batch's expected time. */
    private static final double LONGEST_LINGER = 0.25;

    /** What a saved call is worth, as a part of its cost. */
    private static final double VALUE_OF_A_CALL = 0.25;

    private static final double SIZE_MEMORY = 0.9;

    /** Most calls must take that long: the mean alone would follow the few in which the machine did something else. */
    private static final double SLOW_MEMORY = 0.95;

    /** No share is less than makes the items' cost this part of the call's. */
    private static final double LEAST_SHARE = 0.5;

    /** No share is less than this multiple of the size at which the slots keep up with what arrives. */
    private static final double SPARE = 1.5;

    /** How many of the running batches, the oldest, are asked when they end. */
    private static final int RUNS_LOOKED_AT = 64;

    private final ServiceTimeModel service = new ServiceTimeModel();
    private final ArrivalPattern pattern = new ArrivalPattern();
    private final Throughput throughput = new Throughput();
    private final List<BatchRun> running = new ArrayList<>(0);
    private int maxBatchSize = Limits.NONE;
    private int concurrency = Limits.NONE;
    private double meanSize = 1;

    /** The share of the latest calls that took long enough for a linger. */
    private double slowShare = 1;

    /** When the last slot to be free became so. */
    private long freeSince;

    private boolean freeSinceKnown;

    @Override
    public void configure(int maxBatchSize, int concurrency) {
        this.maxBatchSize = maxBatchSize;
        this.concurrency = concurrency;
    }

    // ---- what happens ----

    /** From the beginning, until the first calls have shown that the processor is too fast for lingering. */
    @Override
    public boolean followsArrivals() {
        return !service.isKnown() || (slowShare >= 0.5 && service.nanos(meanSize) >= SHORTEST_NANOS);
    }

    @Override
    public void arrived(long nowNanos, int items, boolean idle) {
        if (followsArrivals()) {
            pattern.arrived(nowNanos, items, idle);
        } else {
            pattern.lookAway(); // nobody knows when these came
        }
    }

    @Override
    public BatchRun began(long nowNanos, int items) {
        throughput.add(nowNanos, items);
        meanSize = SIZE_MEMORY * meanSize + (1 - SIZE_MEMORY) * items;
        BatchRun run = new BatchRun(nowNanos, items);
        running.add(run);
        return run;
    }

    @Override
    public void ended(long nowNanos, BatchRun run, long tookNanos) {
        boolean slow = tookNanos >= SHORTEST_NANOS;
        slowShare = SLOW_MEMORY * slowShare + (slow ? 1 - SLOW_MEMORY : 0);
        service.add(run.items(), tookNanos);
        release(nowNanos, run);
        if (followsArrivals()) {
            pattern.ended(nowNanos);
        } else {
            pattern.lookAway();
        }
    }

    @Override
    public void dropped(BatchRun run) {
        release(run.beganNanos(), run);
    }

    private void release(long nowNanos, BatchRun run) {
        if (concurrency != Limits.NONE && running.size() >= concurrency) {
            freeSince = nowNanos;
            freeSinceKnown = true;
        }
        running.remove(run); // another of the same start and size is as good
    }

    // ---- what is decided ----

    @Override
    public int share(int queued) {
        double share = service.isKnown() ? Math.max(queued / slots(), leastShare()) : queued;
        return share < queued ? (int) Math.ceil(share) : queued;
    }

    /** Below this size a batch costs the other slots more than it saves: the more, the busier they are. */
    private double leastShare() {
        double perNano = throughput.perNano();
        double slotsForCalls = slots() - perNano * service.b();
        double keepingUp = slotsForCalls > 0 ? perNano * service.a() / slotsForCalls : Double.MAX_VALUE;
        // without a cost of items infinite, without any cost no number: both mean all that is queued
        return Math.max(LEAST_SHARE * service.a() / service.b(), SPARE * keepingUp);
    }

    private double slots() {
        return concurrency == Limits.NONE ? running.size() + 1 : concurrency;
    }

    @Override
    public boolean learns() {
        return true;
    }

    /** Time behind busy slots is no linger: a service time above {@code maxQueueTime} would end all lingering. */
    @Override
    public long lingeredNanos(long nowNanos, long queuedNanos) {
        return freeSinceKnown ? Math.min(queuedNanos, Math.max(0, nowNanos - freeSince)) : queuedNanos;
    }

    @Override
    public long waitNanos(Moment moment) {
        if (slowShare < 0.5 || !service.isKnown() || !pattern.isKnown()) {
            return 0;
        }
        double expected = service.nanos(moment.queued());
        if (expected < SHORTEST_NANOS) {
            return 0;
        }
        double room = Math.min(
                LONGEST_LINGER * expected - moment.lingeredNanos(),
                Math.min((double) moment.lingerLeftNanos(), moment.slackNanos() - expected));
        return room <= 0 ? 0 : bestWait(moment, expected, room);
    }

    private long bestWait(Moment moment, double expected, double room) {
        double n = moment.queued();
        double placesLeft = maxBatchSize == Limits.NONE ? Double.MAX_VALUE : maxBatchSize - n;
        double otherSlots = concurrency == Limits.NONE ? 0 : Math.max(0, moment.freeSlots() - 1);
        double nextFree = nextFree(moment.nowNanos(), expected);
        double a = service.a();
        double b = service.b();
        double price = 2 * VALUE_OF_A_CALL * a / (1 + meanSize);
        double longest = otherSlots == 0 ? Math.min(room, nextFree) : room;

        ArrivalCurve curve = pattern.curve();
        double age = pattern.age(moment.nowNanos());
        double toCome = curve.expected(age, age + nextFree);
        double blocked = Math.max(0, toCome - otherSlots);
        double sum = 0;
        double bestBalance = 0;
        double best = 0;
        double start = age;
        for (int i = ArrivalCurve.bucket(age); i < ArrivalCurve.BUCKETS; i++) {
            double end = ArrivalCurve.edge(i);
            double wait = end - age;
            if (wait > longest) {
                break;
            }
            sum += curve.intensity(i) * (end - start);
            start = end;
            double joining = Math.min(sum, placesLeft);
            double stillBlocked = Math.max(0, toCome - joining - otherSlots);
            double delay = wait + b * joining;
            double gain = (blocked - stillBlocked) * Math.max(0, nextFree - wait);
            double cost = n * delay + stillBlocked * delay / slots();
            if (otherSlots == 0) {
                gain += price * Math.min(joining, 1) * Math.exp(-(toCome - joining));
            } else {
                gain += price * Math.min(joining, otherSlots + 1);
                cost += Math.min(joining, otherSlots) * (wait / 2 + b * (n + joining - 1));
            }
            if (gain - cost > bestBalance) {
                bestBalance = gain - cost;
                best = wait;
            }
        }
        return (long) Math.ceil(best);
    }

    /** How long until a slot becomes free, besides the free ones, if this batch goes now. */
    private double nextFree(long nowNanos, double expected) {
        double least = expected;
        for (int i = 0; i < Math.min(running.size(), RUNS_LOOKED_AT); i++) {
            BatchRun run = running.get(i);
            double left = service.nanos(run.items()) - (nowNanos - run.beganNanos());
            least = Math.min(least, Math.max(0, left));
        }
        return least;
    }
}
