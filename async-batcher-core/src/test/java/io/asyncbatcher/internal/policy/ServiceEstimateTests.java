package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.batch.BatchRun;
import org.junit.jupiter.api.Test;

class ServiceEstimateTests {

    @Test
    void aProcessorThatTakesNoTimeIsExpectedToTakeNone() {
        ServiceEstimate estimate = new ServiceEstimate();
        for (int i = 0; i < 10; i++) {
            BatchRun run = new BatchRun(i, 5, 1, 0);
            estimate.began(run);
            estimate.ended(i, run, 5);
        }
        assertThat(estimate.isKnown()).isTrue();
        assertThat(estimate.nanos(5)).isZero();
        assertThat(estimate.safeNanos(5)).isZero();
    }
}
