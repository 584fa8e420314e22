package io.asyncbatcher.internal.policy;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Limits;
import java.util.function.DoubleUnaryOperator;

/**
 * {@link DispatchMode#ADAPTIVE}: a batch goes as soon as a slot is free, unless waiting a little longer is expected to
 * save more than it costs.
 *
 * <p>Two things are learned: how long a batch takes by its size ({@link ServiceTimeModel}), and how many items are still to
 * come ({@link ArrivalPattern}). From these each possible wait has a price, in nanoseconds summed over the items. A wait
 * gains what the items that it catches need not wait for the next free slot, and a part of the call that they save. It
 * costs the wait of those already queued, and of those that will be blocked behind them. The wait with the best balance
 * is taken; every event asks anew. No wait is longer than half of the batch's own expected time, so a wrong guess
 * costs little. There is deliberately no rule against waits that were in vain: where one request in five fans out, most
 * are, and pay all the same.
 *
 * <p>How many slots are used is up to a {@link SlotRule}. They share what is queued, in batches large enough for the slots to keep up with the arrivals.
 */
public final class AdaptivePolicy implements DispatchPolicy {

    /** Under this much expected time no batch lingers: the timer is too coarse, and following each arrival costs. */
    private static final double SHORTEST_NANOS = 200e3;

    /** The longest linger, as a part of the batch's expected time. */
    private static final double LONGEST_LINGER = 0.5;

    /** What a saved call is worth, as a part of its cost. */
    private static final double VALUE_OF_A_CALL = 0.25;

    /**
     * What the wait of an item that would be left behind counts, as a multiple of the wait of those that wait for it. The mean
     * alone would leave one in sixteen callers behind each time, and such items make the 99th percentile.
     */
    private static final double VALUE_OF_AN_ITEM = 2;

    private static final double SIZE_MEMORY = 0.9;

    /** Most calls must take that long: the mean alone would follow the few in which the machine did something else. */
    private static final double SLOW_MEMORY = 0.95;

    /** No share is less than makes the items' cost this part of the call's. */
    private static final double LEAST_SHARE = 0.5;

    /** No share is less than this multiple of the size at which the slots keep up with what arrives. */
    private static final double SPARE = 1.5;

    private final ServiceTimeModel service = new ServiceTimeModel();
    private final ArrivalPattern pattern = new ArrivalPattern();
    private final Throughput throughput = new Throughput();
    private final Runs runs = new Runs(service);
    private final DoubleUnaryOperator expected = service::nanos;
    private final SlotRule slots;
    private int maxBatchSize = Limits.NONE;
    private double meanSize = 1;

    /** The share of the latest calls that took long enough for a linger. */
    private double slowShare = 1;

    public AdaptivePolicy() {
        this(new SlotCount());
    }

    public AdaptivePolicy(SlotRule slots) {
        this.slots = slots;
    }

    @Override
    public void configure(int maxBatchSize, int concurrency) {
        this.maxBatchSize = maxBatchSize;
        slots.configure(maxBatchSize, concurrency);
    }

    @Override
    public long slots(long nowNanos) {
        return (long) slots.slots() + runs.stalled(nowNanos);
    }

    @Override
    public long slotsWaitNanos(long nowNanos) {
        return runs.nextStallNanos(nowNanos);
    }

    // ---- what happens ----

    /** While no slot is free nothing can linger. Some of that time is followed all the same, for the sake of the pattern. */
    @Override
    public boolean followsArrivals(long nowNanos, boolean slotIsFree) {
        boolean follows = mayLinger() && (slotIsFree || pattern.isFollowedToTheEnd());
        if (!follows) {
            pattern.lookAway(nowNanos); // nobody will know when the next ones came
        }
        return follows;
    }

    /** From the beginning, until the first calls have shown that the processor is too fast for lingering. */
    private boolean mayLinger() {
        return !service.isKnown() || (slowShare >= 0.5 && service.nanos(meanSize) >= SHORTEST_NANOS);
    }

    @Override
    public void arrived(long nowNanos, int items, boolean idle) {
        pattern.arrived(nowNanos, items, idle && mayLinger());
    }

    @Override
    public BatchRun began(long nowNanos, int items, int queued) {
        throughput.add(nowNanos, items);
        meanSize = SIZE_MEMORY * meanSize + (1 - SIZE_MEMORY) * items;
        BatchRun run = runs.began(nowNanos, items);
        slots.began(run, (int) Math.min(runs.items() + queued, Integer.MAX_VALUE));
        return run;
    }

    @Override
    public void ended(long nowNanos, BatchRun run, long tookNanos, int queued) {
        boolean slow = tookNanos >= SHORTEST_NANOS;
        slowShare = SLOW_MEMORY * slowShare + (slow ? 1 - SLOW_MEMORY : 0);
        service.add(run.items(), tookNanos);
        runs.ended(nowNanos, run);
        if (service.isKnown()) {
            slots.ended(nowNanos, run, runs.beside(nowNanos, run), queued, expected);
        }
        if (mayLinger()) {
            pattern.ended(nowNanos, run.items());
        } else {
            pattern.lookAway(nowNanos);
        }
    }

    @Override
    public void rejected(long nowNanos, BatchRun run, long holdNanos) {
        runs.ended(nowNanos, run);
        slots.rejected(nowNanos, run, holdNanos);
    }

    @Override
    public void dropped(long nowNanos, BatchRun run) {
        runs.ended(nowNanos, run);
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
        return slots.slots();
    }

    @Override
    public boolean learns() {
        return true;
    }

    /** What came before a slot was free is no linger: a service time above {@code maxQueueTime} would end all lingering. */
    @Override
    public long lingeredNanos(long queuedNanos, long waitedNanos) {
        return Math.min(queuedNanos, waitedNanos);
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
        double otherSlots = Math.max(0, moment.freeSlots() - 1);
        double nextFree = runs.nextEndNanos(moment.nowNanos(), expected);
        double a = service.a();
        double b = service.b();
        double price = 2 * VALUE_OF_A_CALL * a / (1 + meanSize);
        double longest = otherSlots == 0 ? Math.min(room, nextFree) : room;

        ArrivalCurve curve = pattern.curve();
        ArrivalCurve outstandingCurve = pattern.outstandingCurve();
        double outstanding = pattern.outstanding();
        double age = pattern.age(moment.nowNanos());
        double toCome = coming(
                outstandingCurve.expected(age, age + nextFree), outstanding, curve.expected(age, age + nextFree));
        double blocked = Math.max(0, toCome - otherSlots);
        double sumOutstanding = 0;
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
            sumOutstanding += outstandingCurve.intensity(i) * (end - start);
            start = end;
            double joining = Math.min(coming(sumOutstanding, outstanding, sum), placesLeft);
            double stillBlocked = Math.max(0, toCome - joining - otherSlots);
            double delay = wait + b * joining;
            double gain = VALUE_OF_AN_ITEM * (blocked - stillBlocked) * Math.max(0, nextFree - wait);
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

    /** First those come that are outstanding, and then others. */
    private static double coming(double first, double outstanding, double others) {
        return Math.min(first, outstanding) + Math.max(0, others - outstanding);
    }
}
