package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.asyncbatcher.internal.batch.BatchRun;
import io.asyncbatcher.internal.policy.DispatchPolicy.Moment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class AdaptivePolicyTests {

    private static final long MILLI = 1_000_000;

    private final AdaptivePolicy policy = new AdaptivePolicy();
    private long backAfterNanos = 50_000;
    private boolean backToIdle = true;
    private long now = Long.MAX_VALUE - 50 * MILLI; // so that it crosses the overflow

    AdaptivePolicyTests() {
        policy.configure(64, 1);
    }

    private Moment moment(int queued) {
        return new Moment(now, queued, 0, DispatchPolicy.NEVER, DispatchPolicy.NEVER, 1);
    }

    /** Callers who all come back 50 µs, or what is set, after their batch has ended. */
    private void callersComeBack(int rounds, int callers, long tookNanos) {
        for (int i = 0; i < rounds; i++) {
            BatchRun run = policy.began(now, callers, 0);
            now += tookNanos;
            policy.ended(now, run, tookNanos, 0);
            now += backAfterNanos;
            policy.arrived(now, callers, backToIdle);
        }
    }

    private void endBatch(int items, long tookNanos) {
        BatchRun run = policy.began(now, items, 0);
        now += tookNanos;
        policy.ended(now, run, tookNanos, 0);
    }

    @Test
    void itDispatchesAtOnceWhileItKnowsNothing() {
        for (int i = 0; i < 2; i++) {
            assertThat(policy.waitNanos(moment(1))).isZero();
            callersComeBack(1, 4, 2 * MILLI);
        }
        assertThat(policy.waitNanos(moment(1))).isZero();
        assertThat(policy.share(7)).isEqualTo(7);
    }

    @Test
    void itLingersForCallersWhoAreAboutToComeBack() {
        callersComeBack(20, 4, 2 * MILLI);
        endBatch(4, 2 * MILLI);
        assertThat(policy.waitNanos(moment(1))).isBetween(50_000L, 100_000L);
    }

    @Test
    void itDoesNotLingerForThoseWhoComeLater() {
        callersComeBack(20, 4, 2 * MILLI);
        endBatch(4, 2 * MILLI);
        now += MILLI;
        assertThat(policy.waitNanos(moment(1))).isZero();
    }

    @Test
    void itDoesNotLingerForALoneCaller() {
        for (int i = 0; i < 50; i++) {
            policy.arrived(now, 1, true);
            assertThat(policy.waitNanos(moment(1))).isZero();
            endBatch(1, 2 * MILLI);
        }
    }

    @Test
    void itLingersForTheRestOfAFanOut() {
        for (int i = 0; i < 20; i++) {
            policy.arrived(now, 1, true);
            BatchRun run = policy.began(now, 8, 0);
            for (int j = 0; j < 7; j++) {
                now += 10_000;
                policy.arrived(now, 1, false);
            }
            now += 2 * MILLI;
            policy.ended(now, run, now - run.beganNanos(), 0);
            now += 30 * MILLI;
        }
        policy.arrived(now, 1, true);
        assertThat(policy.waitNanos(moment(1))).isBetween(60_000L, 140_000L);
    }

    @Test
    void noLingerIsLongerThanHalfOfTheBatch() {
        callersComeBack(20, 4, 2 * MILLI);
        endBatch(4, 2 * MILLI);
        Moment longAgo = new Moment(now + MILLI, 1, MILLI, DispatchPolicy.NEVER, DispatchPolicy.NEVER, 1);
        assertThat(policy.waitNanos(longAgo)).isZero();
    }

    @Test
    void itLingersForTheLastCallerHoweverSeldomOneIsSoLate() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            BatchRun run = policy.began(now, 4, 0);
            now += 2 * MILLI;
            policy.ended(now, run, 2 * MILLI, 0);
            long[] back = random.longs(4, 0, 200_000).sorted().toArray(); // one is late once in fifty times
            back[3] = i % 50 == 49 ? 500_000 : back[3];
            for (int j = 0; j < 4; j++) {
                policy.arrived(now + back[j], 1, j == 0);
            }
            now += back[3];
        }
        endBatch(4, 2 * MILLI);
        policy.arrived(now + 50_000, 1, true);
        policy.arrived(now + 60_000, 1, false);
        policy.arrived(now + 70_000, 1, false);
        now += 300_000;
        assertThat(policy.waitNanos(moment(3))).as("three of four are back").isPositive();
        policy.arrived(now, 1, false);
        assertThat(policy.waitNanos(moment(4))).as("all are back").isZero();
    }

    @Test
    void itDoesNotLingerForCallersWhoTakeTooLong() {
        backAfterNanos = 3 * MILLI / 2;
        callersComeBack(20, 4, 2 * MILLI);
        endBatch(4, 2 * MILLI);
        assertThat(policy.waitNanos(moment(1))).isZero();
    }

    @Test
    void theTimeQueuedWhileNoSlotWasFreeIsNoLinger() {
        assertThat(policy.lingeredNanos(MILLI, 0)).isZero();
        assertThat(policy.lingeredNanos(MILLI, 1_000)).isEqualTo(1_000);
        assertThat(policy.lingeredNanos(500, 1_000)).isEqualTo(500);
    }

    @Test
    void itKeepsTheLongestLingerAndTheItemsDeadlines() {
        callersComeBack(20, 4, 2 * MILLI);
        endBatch(4, 2 * MILLI);
        long never = DispatchPolicy.NEVER;
        assertThat(policy.waitNanos(new Moment(now, 1, 0, 10_000, never, 1))).isLessThanOrEqualTo(10_000);
        assertThat(policy.waitNanos(new Moment(now, 1, 0, 0, never, 1))).isNotPositive();
        assertThat(policy.waitNanos(new Moment(now, 1, 0, Long.MIN_VALUE / 2, never, 1)))
                .isNotPositive();
        assertThat(policy.waitNanos(new Moment(now, 1, 0, never, MILLI, 1))).isNotPositive();
        assertThat(policy.waitNanos(new Moment(now, 1, 0, never, -5, 1))).isNotPositive();
    }

    @Test
    void aFastProcessorIsNotLingeredForAndItsArrivalsAreNotFollowed() {
        assertThat(policy.followsArrivals(now, true)).isTrue();
        assertThat(policy.followsEvents()).isTrue();
        callersComeBack(20, 4, 50_000);
        assertThat(policy.followsArrivals(now, true)).isFalse();
        endBatch(4, 50_000);
        assertThat(policy.waitNanos(moment(1))).isZero();
    }

    @Test
    void aProcessorThatBecomesSlowIsLingeredForAgain() {
        callersComeBack(50, 4, 50_000);
        callersComeBack(50, 4, 4 * MILLI);
        assertThat(policy.followsArrivals(now, true)).isTrue();
        endBatch(4, 4 * MILLI);
        assertThat(policy.waitNanos(moment(1))).isPositive();
    }

    @Test
    void aProcessorIsFastWhereMostCallsAre() {
        for (int i = 0; i < 100; i++) {
            endBatch(4, i % 10 == 9 ? 50 * MILLI : 150_000);
        }
        assertThat(policy.followsArrivals(now, true)).isFalse();
    }

    @Test
    void callsOfExactlyTheShortestTimeAreLingeredFor() {
        long shortest = 200_000;
        backToIdle = false;
        dropBatches(5); // a mean size above four for a while
        callersComeBack(20, 4, shortest);
        endBatch(4, shortest);
        assertThat(policy.waitNanos(moment(4))).isPositive();

        AdaptivePolicy ofLoneCallers = new AdaptivePolicy();
        for (int i = 0; i < 50; i++) {
            ofLoneCallers.ended(now, ofLoneCallers.began(now, 1, 0), shortest, 0);
        }
        assertThat(ofLoneCallers.followsArrivals(now, true)).isTrue();
    }

    /** The mean size decides whether arrivals are followed; a dropped batch changes it and nothing else. */
    @Test
    void nothingIsKnownOfAnEpochWhoseArrivalsWereNotFollowed() {
        backToIdle = false;
        for (boolean byArrival : new boolean[] {true, false}) {
            callersComeBack(50, 4, 300_000);
            endBatch(4, 300_000);
            assertThat(policy.waitNanos(moment(4))).as("else").isPositive();
            BatchRun beside = policy.began(now, 4, 0);
            endBatch(4, 300_000);
            dropBatches(1);
            assertThat(policy.followsArrivals(now, true)).isFalse();
            if (byArrival) {
                policy.arrived(now, 1, false);
                policy.dropped(now, beside);
            } else {
                policy.ended(now, beside, 300_000, 0);
            }
            dropBatches(4);
            assertThat(policy.followsArrivals(now, true)).isTrue();
            assertThat(policy.waitNanos(moment(4))).isZero();
        }
    }

    @Test
    void whileNoSlotIsFreeOneEpochInEightIsFollowed() {
        int followed = 0;
        for (int i = 0; i < 864; i++) {
            assertThat(policy.followsArrivals(now, true)).as("a slot is free").isTrue();
            BatchRun run = policy.began(now, 4, 0);
            boolean follows = policy.followsArrivals(now, false);
            assertThat(follows || i >= 63).as("the first ones").isTrue();
            followed += i >= 64 && follows ? 1 : 0;
            now += 2 * MILLI;
            policy.ended(now, run, 2 * MILLI, 0);
        }
        assertThat(followed).isBetween(70, 130);
    }

    @Test
    void whatArrivesWhileNobodyFollowsIsStillExpected() {
        backToIdle = false;
        for (int i = 0; i < 2_000; i++) { // the callers come back when another batch runs
            endBatch(4, 2 * MILLI);
            BatchRun run = policy.began(now, 1, 0);
            policy.followsArrivals(now, false);
            policy.arrived(now + 50_000, 3, false);
            now += MILLI;
            policy.ended(now, run, MILLI, 0);
        }
        endBatch(4, 2 * MILLI);
        assertThat(policy.waitNanos(moment(1))).isBetween(50_000L, 100_000L);
    }

    private void dropBatches(int size) {
        for (int i = 0; i < 60; i++) {
            policy.dropped(now, policy.began(now, size, 0));
        }
    }

    private record Told(List<Integer> inside) implements SlotRule {

        @Override
        public void configure(int maxBatchSize, int limit) {}

        @Override
        public int slots() {
            return 4;
        }

        @Override
        public void began(BatchRun run, int itemsInside) {
            inside.add(itemsInside);
        }

        @Override
        public void ended(long nowNanos, BatchRun run, double running, int queued, DoubleUnaryOperator expected) {}

        @Override
        public void rejected(long nowNanos, BatchRun run, long holdNanos) {}
    }

    @Test
    void theSlotRuleIsToldHowManyItemsAreInside() {
        Told told = new Told(new ArrayList<>());
        AdaptivePolicy any = new AdaptivePolicy(told);
        any.began(now, 3, 10);
        any.began(now, 4, 6);
        any.began(now, Integer.MAX_VALUE, 5);
        assertThat(told.inside).containsExactly(13, 13, Integer.MAX_VALUE);
    }

    @Test
    void slotsShareWhatIsQueuedWhereItemsCost() {
        policy.configure(64, 4);
        for (int i = 0; i < 100; i++) {
            int items = 1 + i % 10;
            endBatch(items, MILLI + MILLI * items);
        }
        assertThat(policy.share(40)).isEqualTo(10);
        assertThat(policy.share(41)).isEqualTo(11);
        assertThat(policy.share(4)).isEqualTo(1);
        assertThat(policy.share(1_000)).isEqualTo(250);
        policy.configure(64, 1);
        assertThat(policy.share(40)).isEqualTo(40);
        policy.configure(-1, -1);
        assertThat(policy.share(40)).as("so many slots until more were tried").isEqualTo(10);
    }

    @Test
    void theBusierTheSlotsTheLargerTheShares() {
        policy.configure(64, 4);
        for (int i = 0; i < 400; i++) {
            int items = 1 + i % 20;
            BatchRun run = policy.began(now, items, 0);
            now += MILLI + MILLI * items;
            policy.ended(now, run, MILLI + MILLI * items, 0);
            now += i < 200 ? 20 * MILLI : -items * MILLI * 5 / 6; // as if four ran side by side
            if (i == 199) {
                assertThat(policy.share(16)).isEqualTo(4);
            }
        }
        assertThat(policy.share(16)).isGreaterThan(10);
    }

    @Test
    void slotsDoNotShareWhereTheCallCosts() {
        policy.configure(64, 4);
        for (int i = 0; i < 100; i++) {
            endBatch(1 + i % 10, 5 * MILLI);
        }
        assertThat(policy.share(40)).isEqualTo(40);
    }

    @Test
    void aDroppedBatchTeachesNothing() {
        callersComeBack(20, 4, 2 * MILLI);
        for (int i = 0; i < 100; i++) {
            policy.dropped(now, policy.began(now, 4, 0));
        }
        endBatch(4, 2 * MILLI);
        assertThat(policy.waitNanos(moment(1))).isPositive();
    }

    @Test
    void itIsSmallUntilItIsUsed() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        AdaptivePolicy[] policies = new AdaptivePolicy[100];
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            policies[i] = new AdaptivePolicy();
        }
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100).isLessThan(800);
        assertThat(policies).doesNotContainNull();
    }

    /** Whatever it is told, in whatever order, it waits within its bounds and takes what there is. */
    @Test
    void nothingThatHappensLeadsItAstray() {
        long[] steps = {0, 0, 1, 999, 50_000, MILLI, 10 * MILLI, 3_600_000 * MILLI, -5, Long.MAX_VALUE / 4};
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            AdaptivePolicy any = new AdaptivePolicy();
            List<BatchRun> runs = new ArrayList<>();
            int limit = random.nextBoolean() ? -1 : 1 + random.nextInt(100);
            for (int i = 0; i < 300; i++) {
                now += steps[random.nextInt(seed % 2 == 0 ? 7 : steps.length)];
                int items = random.nextInt(20) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(100);
                switch (random.nextInt(6)) {
                    case 0 -> any.configure(limit, random.nextBoolean() ? -1 : 1 + random.nextInt(5));
                    case 1, 2 -> any.arrived(now, items, random.nextBoolean());
                    case 3 -> runs.add(any.began(now, items, 0));
                    default -> {
                        if (!runs.isEmpty()) {
                            BatchRun run = runs.remove(random.nextInt(runs.size()));
                            any.ended(now, run, now - run.beganNanos(), 0);
                        }
                    }
                }
                long left = random.nextInt(3) == 0 ? DispatchPolicy.NEVER : random.nextInt(1_000_000) - 1_000;
                long slack = random.nextInt(3) == 0 ? DispatchPolicy.NEVER : random.nextInt(1_000_000) - 1_000;
                Moment moment = new Moment(now, items, random.nextInt(10_000), left, slack, 1 + random.nextInt(5));
                assertThat(any.waitNanos(moment)).isLessThanOrEqualTo(Math.max(0, Math.min(left, slack) + 1));
                assertThat(any.share(items)).isBetween(1, items);
            }
        }
    }
}
