package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.DispatchPolicy.Moment;
import io.asyncbatcher.internal.thread.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The wait that {@link AdaptivePolicy} chooses, compared with a search over all waits by the description of the policy. The
 * search asks a service time model and an arrival pattern of its own, which are told the same.
 */
class AdaptiveWaitTests {

    private static final int WORLDS = 200;
    private static final int MOMENTS = 50;

    private final Random random = new Random(11);
    private long now = Long.MAX_VALUE - 1_000_000_000; // so that it crosses the overflow

    // a processor and callers, drawn anew for each world
    private int slots;
    private int maxBatchSize;
    private double callNanos;
    private double itemNanos;
    private double backNanos;
    private double betweenOthersNanos;

    private AdaptivePolicy policy;
    private ServiceTimeModel service;
    private ArrivalPattern pattern;
    private double meanSize;
    private List<BatchRun> running;

    private record Slots(int slots) implements SlotRule {

        @Override
        public void configure(int maxBatchSize, int limit) {}

        @Override
        public void ended(long nowNanos, BatchRun run, double running, int queued, DoubleUnaryOperator expected) {}

        @Override
        public void rejected(long nowNanos, BatchRun run, long holdNanos) {}
    }

    @Test
    void theWaitIsTheOneThatPaysMost() {
        int waits = 0;
        for (int world = 0; world < WORLDS; world++) {
            beginWorld();
            for (int i = 0; i < MOMENTS; i++) {
                if (i % 5 == 0) {
                    for (int round = 0; round < 10; round++) {
                        itemsArrive();
                        batchesRun();
                    }
                }
                now += (long) between(1, backNanos);
                if (random.nextInt(3) == 0) {
                    arrived(1, false);
                }
                Moment moment = moment();
                long best = bestWaitNanos(moment);
                assertThat(policy.waitNanos(moment))
                        .as("%s, world %d", moment, world)
                        .isCloseTo(best, within(1L));
                waits += best > 0 ? 1 : 0;
            }
        }
        assertThat(waits).as("both answers are frequent").isBetween(1_000, WORLDS * MOMENTS - 1_000);
    }

    // ---- what happens ----

    private void beginWorld() {
        slots = 1 + random.nextInt(4);
        maxBatchSize = random.nextBoolean() ? Limits.NONE : 12;
        callNanos = between(300e3, 20e6);
        itemNanos = callNanos * between(1e-3, 1);
        backNanos = callNanos * between(1e-2, 1);
        betweenOthersNanos = callNanos * between(0.1, 100);
        policy = new AdaptivePolicy(new Slots(slots));
        policy.configure(maxBatchSize, Limits.NONE);
        service = new ServiceTimeModel();
        pattern = new ArrivalPattern();
        meanSize = 1;
        running = new ArrayList<>();
    }

    /** A number of which each order of magnitude is as likely. */
    private double between(double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    /** The callers of the last batch come back, and others come. */
    private void itemsArrive() {
        long since = now;
        double[] ages = random.doubles(20).map(draw -> -Math.log(draw)).toArray();
        boolean idle = random.nextInt(10) == 0;
        double other = 0;
        List<Double> all = new ArrayList<>();
        for (double each : ages) {
            if (all.size() < pattern.outstanding()) {
                all.add(each * backNanos);
            }
        }
        for (double each : ages) {
            other += each * betweenOthersNanos;
            if (other < 2 * callNanos) {
                all.add(other);
            }
        }
        all.sort(null);
        for (double each : all) {
            now = since + (long) each;
            arrived(1, idle);
            idle = false;
        }
    }

    private void arrived(int items, boolean idle) {
        policy.arrived(now, items, idle);
        pattern.arrived(now, items, idle);
    }

    /** One batch begins and ends, and others that may still run then. */
    private void batchesRun() {
        BatchRun first = begin();
        double nanos = (callNanos + itemNanos * first.items()) * (0.9 + 0.2 * random.nextDouble());
        now += (long) (nanos / 2);
        List.copyOf(running).stream().filter(run -> !run.equals(first)).forEach(this::end);
        for (int others = random.nextInt(slots); others > 0; others--) {
            begin();
        }
        now += (long) (nanos / 2);
        end(first);
    }

    private BatchRun begin() {
        int items = 1 + random.nextInt(11);
        BatchRun run = policy.began(now, items, 0);
        meanSize = 0.9 * meanSize + 0.1 * items;
        running.add(run);
        lookAwayIfNotFollowed();
        return run;
    }

    private void end(BatchRun run) {
        long tookNanos = now - run.beganNanos();
        policy.ended(now, run, tookNanos, 0);
        service.add(run.items(), tookNanos);
        pattern.ended(now, run.items());
        running.remove(run);
        lookAwayIfNotFollowed();
    }

    private void lookAwayIfNotFollowed() {
        boolean follows = policy.followsArrivals(now, running.size() < slots);
        assertThat(follows).isEqualTo(running.size() < slots || pattern.isFollowedToTheEnd());
        if (!follows) {
            pattern.lookAway(now);
        }
    }

    private Moment moment() {
        int queued = 1 + random.nextInt(11);
        long expected = (long) service.nanos(queued);
        long lingered = random.nextBoolean() ? 0 : (long) (0.6 * expected * random.nextDouble());
        long edge = (long) (ArrivalCurve.edge(random.nextInt(ArrivalCurve.BUCKETS)) - pattern.age(now));
        long left = random.nextBoolean() ? DispatchPolicy.NEVER : edge;
        long slack = random.nextInt(4) > 0 ? DispatchPolicy.NEVER : (long) (2 * expected * random.nextDouble());
        return new Moment(now, queued, lingered, left, slack, 1 + random.nextInt(slots));
    }

    // ---- what is expected ----

    private long bestWaitNanos(Moment moment) {
        if (!pattern.isKnown()) {
            return 0;
        }
        double expected = service.nanos(moment.queued());
        double longest = Math.min(expected / 2 - moment.lingeredNanos(), (double) moment.lingerLeftNanos());
        longest = Math.min(longest, moment.slackNanos() - expected);
        if (moment.freeSlots() == 1) {
            longest = Math.min(longest, nextFreeNanos(moment));
        }
        double best = 0;
        double bestBalance = 0;
        for (int i = 0; i < ArrivalCurve.BUCKETS; i++) {
            double wait = ArrivalCurve.edge(i) - pattern.age(now);
            if (wait > 0 && wait <= longest) {
                double balance = balance(moment, wait);
                if (balance > bestBalance) {
                    best = wait;
                    bestBalance = balance;
                }
            }
        }
        return (long) Math.ceil(best);
    }

    /** What a wait gains less what it costs, in nanoseconds summed over the items. */
    private double balance(Moment moment, double wait) {
        int queued = moment.queued();
        int otherSlots = moment.freeSlots() - 1;
        double nextFree = nextFreeNanos(moment);
        double toCome = comingWithin(nextFree);
        double places = maxBatchSize == Limits.NONE ? Double.MAX_VALUE : maxBatchSize - queued;
        double joining = Math.min(comingWithin(wait), places);
        double blockedElse = Math.max(0, toCome - otherSlots);
        double blocked = Math.max(0, toCome - joining - otherSlots);
        double delay = wait + service.b() * joining;

        double ofItems = 2 * (blockedElse - blocked) * Math.max(0, nextFree - wait);
        double callsSaved =
                otherSlots == 0 ? Math.min(joining, 1) * Math.exp(joining - toCome) : Math.min(joining, otherSlots + 1);
        double ofCalls = callsSaved * 2 * service.a() / 4 / (meanSize + 1);
        double ofQueued = queued * delay;
        double ofBlocked = blocked * delay / slots;
        double ofThoseWhoHadASlot = Math.min(joining, otherSlots) * (wait / 2 + service.b() * (queued + joining - 1));
        return ofItems + ofCalls - ofQueued - ofBlocked - ofThoseWhoHadASlot;
    }

    private double nextFreeNanos(Moment moment) {
        double least = service.nanos(moment.queued());
        for (BatchRun run : running) {
            double left = service.nanos(run.items()) - (now - run.beganNanos());
            least = Math.min(least, Math.max(0, left));
        }
        return least;
    }

    /** First the callers come who are outstanding, then others. */
    private double comingWithin(double nanos) {
        double age = pattern.age(now);
        double first = pattern.outstandingCurve().expected(age, age + nanos);
        double all = pattern.curve().expected(age, age + nanos);
        return Math.min(first, pattern.outstanding()) + Math.max(0, all - pattern.outstanding());
    }
}
