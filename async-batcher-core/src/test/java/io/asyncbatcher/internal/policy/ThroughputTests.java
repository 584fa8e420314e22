package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ThroughputTests {

    private final Throughput throughput = new Throughput();

    @Test
    void itIsZeroUntilTimeHasPassed() {
        assertThat(throughput.perNano()).isZero();
        throughput.add(5, 3);
        throughput.add(5, 3);
        throughput.add(4, 3); // the clock went back
        assertThat(throughput.perNano()).isZero();
    }

    @Test
    void itIsTheRateOfTheLatestBatches() {
        for (int i = 0; i < 400; i++) {
            throughput.add(i * 100L, i < 200 ? 50 : 20);
        }
        assertThat(throughput.perNano()).isCloseTo(0.2, Percentage.withPercentage(1));
    }
}
