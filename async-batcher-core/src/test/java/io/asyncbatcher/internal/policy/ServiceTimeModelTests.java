package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ServiceTimeModelTests {

    private static final Percentage CLOSE = Percentage.withPercentage(3);

    private final ServiceTimeModel line = new ServiceTimeModel();
    private final Random random = new Random(1);

    private void add(int calls, int mostItems, double a, double b) {
        for (int i = 0; i < calls; i++) {
            int items = 1 + random.nextInt(mostItems);
            line.add(items, (long) (a + b * items));
        }
    }

    @Test
    void itNeedsThreeCalls() {
        add(2, 5, 1e6, 1e4);
        assertThat(line.isKnown()).isFalse();
        add(1, 5, 1e6, 1e4);
        assertThat(line.isKnown()).isTrue();
    }

    @Test
    void itFindsWhatACallAndWhatAnItemCosts() {
        add(200, 50, 5e6, 2e4);
        assertThat(line.a()).isCloseTo(5e6, CLOSE);
        assertThat(line.b()).isCloseTo(2e4, CLOSE);
        assertThat(line.nanos(100)).isCloseTo(7e6, CLOSE);
    }

    @Test
    void whereSizesNeverVaryTheTimeIsRightAndHalfOfItIsTheItems() {
        for (int size : new int[] {1, 7, 1_000_000}) {
            ServiceTimeModel same = new ServiceTimeModel();
            for (int i = 0; i < 100; i++) {
                same.add(size, 3_000_000);
            }
            assertThat(same.nanos(size)).isCloseTo(3e6, CLOSE);
            assertThat(same.b() * size).isCloseTo(1.5e6, CLOSE);
        }
    }

    @Test
    void neitherPartIsEverNegative() {
        for (int i = 0; i < 100; i++) {
            int items = 1 + random.nextInt(100);
            line.add(items, 10_000_000L / items); // the more the faster
            assertThat(line.a()).isNotNegative();
            assertThat(line.b()).isNotNegative();
        }
        ServiceTimeModel convex = new ServiceTimeModel();
        for (int i = 0; i < 100; i++) {
            long items = 1L + random.nextInt(100);
            convex.add((int) items, 1_000L * items * items);
            assertThat(convex.a()).isNotNegative();
            assertThat(convex.b()).isNotNegative();
        }
    }

    @Test
    void oneStallHardlyBendsTheLine() {
        add(100, 10, 2e6, 1e4);
        line.add(5, 3_600_000_000_000L);
        assertThat(line.nanos(5)).isLessThan(1.2 * 2.05e6);
    }

    @Test
    void itFollowsAProcessorThatBecomesFasterOrSlower() {
        add(100, 10, 2e6, 1e4);
        add(150, 10, 20e6, 1e5);
        assertThat(line.nanos(5)).isCloseTo(20.5e6, Percentage.withPercentage(15));
        add(150, 10, 2e6, 1e4);
        assertThat(line.nanos(5)).isCloseTo(2.05e6, within(1.2e6));
    }

    @Test
    void aProcessorThatTookNoTimeCanTakeSomeLater() {
        add(100, 10, 0, 0);
        assertThat(line.nanos(5)).isZero();
        add(200, 10, 5e6, 0);
        assertThat(line.nanos(5)).isCloseTo(5e6, Percentage.withPercentage(10));
    }

    @Test
    void aClockThatGoesBackCountsAsNoTime() {
        line.add(3, -5);
        line.add(4, Long.MIN_VALUE);
        line.add(5, 0);
        assertThat(line.nanos(10)).isZero();
    }

    @Test
    void aCallWithoutItemsIsNone() {
        add(10, 10, 2e6, 0);
        line.add(0, 1_000_000_000);
        assertThat(line.nanos(5)).isCloseTo(2e6, CLOSE);
    }

    @Test
    void theLongestTimeAndTheLargestBatchKeepItFinite() {
        for (int i = 0; i < 1_000; i++) {
            line.add(i % 2 == 0 ? Integer.MAX_VALUE : 1, i % 3 == 0 ? Long.MAX_VALUE : 1);
            assertThat(line.nanos(Integer.MAX_VALUE)).isFinite().isNotNegative();
        }
    }
}
