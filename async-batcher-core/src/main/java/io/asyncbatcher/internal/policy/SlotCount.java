package io.asyncbatcher.internal.policy;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.thread.Limits;
import java.util.function.DoubleUnaryOperator;

/**
 * How many slots pay, found by trial: while all slots are in use and more items wait than there are slots, it now and then
 * tries some more slots, or some fewer, for a few batches, and keeps the number with which what is inside, queued or
 * running, is expected to be done sooner. It begins with a few slots.
 *
 * <p>Two numbers are compared by how long batches take with each, of the sizes into which each divides the same items. How
 * long a batch takes by its size is known ({@link ServiceTimeModel}), so a batch that takes longer because it is larger is
 * not mistaken for congestion, as by rules that look at the time alone. Only batches count that ran beside
 * as many others as the number allows. A trial ends when its result is clear by the variance of the times: a bad one after a few batches.
 * Trials that are in vain get rarer, up to four times.
 *
 * <p>A processor that rejects to be called has rejected the call that came on top of the others: fewer slots are used from
 * then on, and so many are tried again later, the later the more often that has happened and the longer it holds calls up.
 */
public final class SlotCount implements SlotRule {

    /** The number to begin with. */
    private static final int FIRST = 4;

    /** After so many batches the first trial begins, and the next one after a trial that has paid. */
    private static final int SOON = 4;

    /** After so many batches, and so many more for each slot, another trial begins after one that was in vain. */
    private static final int LATER = 48;

    private static final int LATER_BY_SLOT = 4;

    /** Trials in vain, one up and one down, make the next one twice as rare, so often at most. */
    private static final int RAREST = 2;

    private static final int LEAST_SAMPLES = 3;
    private static final int MOST_SAMPLES = 16;

    /** The gain that a change has to bring. */
    private static final double MARGIN = 0.02;

    /** So many standard errors away from it a result is clear. */
    private static final double CLEAR = 2;

    /** Where batches take so many times as long as they did, or as short, the processor is another one, and a trial is due. */
    private static final double SURPRISING = 1.5;

    /** For so many times as long as a rejection holds calls up it is not risked again; doubled by each rejection. */
    private static final int SAFE_AFTER_REFUSAL = 8;

    private static final int MOST_REFUSALS = 4;

    private double maxBatchSize = Double.MAX_VALUE;
    private int limit = Integer.MAX_VALUE;

    private final SlotSamples held = new SlotSamples(FIRST);
    private final SlotSamples tried = new SlotSamples(0);
    private boolean trying;
    private boolean up = true;
    private int callsTried;

    /** How many slots were in use before the trial. */
    private int before;

    private long triedSinceNanos;
    private int toTrial = SOON;
    private int inVain;

    /** Whether no trial was in vain yet: the number is doubled. */
    private boolean isBeginning = true;

    /** How much a batch's time differs from the expected, as a part of it: the standard deviation. */
    private double deviation = 0.2;

    /** How many times as long batches take of late as they did with the present number of slots. */
    private double surprise = 1;

    /** How many slots are in use when many are; fewer than there are while there is little to do. */
    private double used = 1;

    /** How many items are queued or run when that many slots are in use. */
    private double inside = 1;

    /** How many items are queued when a slot becomes free, as a part of a batch. */
    private double waiting = 0.5;

    /** So many calls at once were rejected. */
    private int rejected = Integer.MAX_VALUE;

    private long refusedUntilNanos;
    private int rejections;

    @Override
    public void configure(int maxBatchSize, int limit) {
        this.maxBatchSize = maxBatchSize == Limits.NONE ? Double.MAX_VALUE : maxBatchSize;
        int before = this.limit;
        this.limit = limit == Limits.NONE ? Integer.MAX_VALUE : limit;
        if (slots() > this.limit) {
            trying = false;
            held.begin(Math.min(held.slots(), this.limit));
        } else if (before < this.limit && held.slots() == before) {
            held.begin(Math.min(Math.max(held.slots(), FIRST), this.limit)); // the limit has held it down
            up = true;
            toTrial = SOON;
        }
    }

    @Override
    public int slots() {
        return trying ? tried.slots() : held.slots();
    }

    @Override
    public void began(BatchRun run, int itemsInside) {
        used = Math.max(run.running(), used + 0.05 * (run.running() - used));
        if (run.running() >= Math.min(slots(), inUse())) {
            inside += 0.2 * (itemsInside - inside);
        }
    }

    @Override
    public void ended(long nowNanos, BatchRun run, double running, int queued, DoubleUnaryOperator expected) {
        double nanos = nowNanos - run.beganNanos();
        if (trying) {
            sample(run, running, nanos);
            judge(expected);
        } else if (run.running() >= inUse() && running > 0.75 * inUse() && inside > 1.5) {
            waiting += 0.1 * (Math.min(1, (double) queued / run.items()) - waiting);
            if (held.count() > LEAST_SAMPLES) {
                double ratio = nanos / expected.applyAsDouble(run.items()) / held.slowness(expected);
                deviation += 0.05 * (1.25 * Math.min(1, Math.abs(ratio - 1)) - deviation); // from the mean deviation
                surprise += 0.25 * (ratio - surprise);
            }
            held.add(run.items(), nanos);
            if (surprise > SURPRISING || surprise * SURPRISING < 1) {
                up = surprise < 1;
                surprise = 1;
                held.begin(held.slots());
                inVain = 0;
                toTrial = SOON;
            }
            if (--toTrial <= 0) {
                beginTrial(nowNanos);
            }
        }
    }

    private int inUse() {
        return Math.min(held.slots(), (int) Math.round(used));
    }

    // ---- trials ----

    private void beginTrial(long nowNanos) {
        if (inside <= held.slots()) {
            up = false; // more would not be used
        }
        int now = up ? held.slots() : inUse();
        before = now;
        int next = up ? now + (isBeginning ? now : Math.max(1, now / 2)) : now - Math.max(1, now / 3);
        next = Math.min(next, limit);
        if (next >= rejected) {
            next = nowNanos - refusedUntilNanos < 0 ? Math.max(now, rejected - 1) : rejected;
        }
        if (next == now || next < 1) {
            up = !up;
            toTrial = later();
            return;
        }
        trying = true;
        tried.begin(next);
        callsTried = 0;
        triedSinceNanos = nowNanos;
    }

    private void sample(BatchRun run, double running, double nanos) {
        if (run.beganNanos() - triedSinceNanos < 0) {
            return; // it ran beside others than the trial allows
        }
        callsTried++;
        double middle = (before + tried.slots()) / 2.0;
        if (tried.slots() > before ? running >= middle : running <= middle) {
            tried.add(run.items(), nanos);
        }
    }

    private void judge(DoubleUnaryOperator expected) {
        int most = Math.max(MOST_SAMPLES, 2 * tried.slots());
        // the first of several to end are the quick ones
        if (tried.count() >= Math.max(LEAST_SAMPLES, Math.min(tried.slots(), before))) {
            double gain = Math.log(cost(held, before, expected) / cost(tried, tried.slots(), expected)) - MARGIN;
            double error = deviation * Math.sqrt(1.0 / tried.count() + 1.0 / Math.max(1, held.count()));
            if (Math.abs(gain) > CLEAR * error || tried.count() >= most) {
                endTrial(gain > 0);
            }
        } else if (callsTried >= 4 * most) {
            endTrial(false); // there is not enough to do
        }
    }

    /** How long what is inside takes, with a number of slots. */
    private double cost(SlotSamples samples, int slots, DoubleUnaryOperator expected) {
        double each = Math.max(1, inside / slots);
        double size = Math.min(each, maxBatchSize);
        double nanos = samples.slowness(expected) * expected.applyAsDouble(size);
        return nanos * (each / size) * (1 + waiting / (2.0 * slots));
    }

    private void endTrial(boolean paid) {
        trying = false;
        if (paid) {
            if (tried.slots() >= rejected) {
                rejected = Integer.MAX_VALUE;
                rejections = 0;
            }
            held.take(tried);
            surprise = 1;
            toTrial = SOON;
            inVain = 0;
        } else {
            isBeginning = false;
            up = !up;
            toTrial = later();
            inVain = Math.min(inVain + 1, 2 * RAREST);
        }
    }

    private int later() {
        return (LATER + LATER_BY_SLOT * held.slots()) << (inVain / 2);
    }

    // ---- rejections ----

    @Override
    public void rejected(long nowNanos, BatchRun run, long holdNanos) {
        int most = Math.max(1, run.running() - 1);
        if (most >= slots()) {
            return; // called at a time when more were allowed, or one call is too many
        }
        if (most + 1 != rejected || nowNanos - refusedUntilNanos >= 0) {
            rejections = Math.min(rejections + 1, MOST_REFUSALS);
        }
        rejected = most + 1;
        refusedUntilNanos = nowNanos + ((long) SAFE_AFTER_REFUSAL << rejections) * holdNanos;
        trying = false;
        isBeginning = false;
        if (held.slots() > most) {
            held.begin(most);
        }
        up = false;
        toTrial = later();
    }
}
