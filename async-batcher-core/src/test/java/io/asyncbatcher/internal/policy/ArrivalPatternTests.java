package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ArrivalPatternTests {

    private final ArrivalPattern pattern = new ArrivalPattern();
    private long now = Long.MAX_VALUE - 5_000_000; // so that it crosses the overflow

    private double expectedWithin(double nanos) {
        double age = pattern.age(now);
        ArrivalCurve curve = pattern.outstanding() > 0 ? pattern.outstandingCurve() : pattern.curve();
        return curve.expected(age, age + nanos);
    }

    @Test
    void itNeedsSixEpochs() {
        for (int i = 0; i < 5; i++) {
            pattern.ended(now++, 1);
            assertThat(pattern.isKnown()).isFalse();
        }
        pattern.ended(now, 4);
        assertThat(pattern.isKnown()).isTrue();
    }

    @Test
    void whatFollowsABatchAndWhatFollowsAnIdleTimeAreToldApart() {
        for (int i = 0; i < 40; i++) {
            pattern.ended(now, 4);
            now += 100_000;
            pattern.arrived(now, 4, false); // the callers come back
            now += 50_000_000;
            pattern.arrived(now, 1, true); // one of others, alone
            now += 20_000_000;
        }
        pattern.ended(now, 4);
        assertThat(expectedWithin(100_000)).isCloseTo(4, Percentage.withPercentage(10));
        now += 50_000_000;
        pattern.arrived(now, 1, true);
        assertThat(expectedWithin(1e6)).isZero();
    }

    @Test
    void itemsThatComeTogetherFollowTheFirstOfThem() {
        for (int i = 0; i < 40; i++) {
            pattern.arrived(now, 4, true);
            now += 10_000_000;
        }
        pattern.arrived(now, 1, true);
        assertThat(expectedWithin(1e3)).isCloseTo(3, Percentage.withPercentage(10));
    }

    @Test
    void epochsInWhichNobodyCameCountToo() {
        for (int i = 0; i < 60; i++) {
            pattern.ended(now, 1);
            if (i % 10 == 0) {
                pattern.arrived(now + 5_000_000, 1, false);
            }
            now += 20_000_000;
        }
        pattern.ended(now, 1);
        assertThat(expectedWithin(20e6)).isCloseTo(0.1, Percentage.withPercentage(20));
    }

    @Test
    void callersWhoNoLongerComeBackAreNoLongerExpected() {
        for (int i = 0; i < 600; i++) {
            pattern.ended(now, 4);
            now += 100_000;
            if (i < 200) {
                pattern.arrived(now, 4, false);
            }
            now += 1_000_000;
        }
        pattern.ended(now, 4);
        assertThat(expectedWithin(1e6)).isLessThan(0.3);
    }

    @Test
    void whileLookingAwayItKnowsAndLearnsNothing() {
        for (int i = 0; i < 10; i++) {
            pattern.ended(now, 4);
            now += 1_000_000;
        }
        pattern.lookAway(now);
        assertThat(pattern.isKnown()).isFalse();
        pattern.arrived(now, 1_000_000, false);
        pattern.ended(now, 4);
        assertThat(pattern.isKnown()).isTrue();
        assertThat(expectedWithin(1e9)).isZero();
    }

    @Test
    void theTimeUntilItLooksAwayCounts() {
        for (int i = 0; i < 60; i++) {
            pattern.ended(now, 1);
            if (i % 10 == 0) {
                pattern.arrived(now + 20_000, 1, false);
            }
            pattern.lookAway(now + 60_000);
            now += 20_000_000;
        }
        pattern.ended(now, 1);
        assertThat(expectedWithin(60_000)).isCloseTo(0.1, Percentage.withPercentage(30));
    }

    @Test
    void aClockThatStandsStillOrGoesBackBreaksNothing() {
        for (int i = 0; i < 100; i++) {
            pattern.arrived(now - i % 3, 2, i % 5 == 0);
            pattern.ended(now - i % 7, 1);
            assertThat(expectedWithin(1e6)).isFinite().isNotNegative();
        }
    }
}
