package io.asyncbatcher.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ArrivalCurveTests {

    private final ArrivalCurve curve = new ArrivalCurve();

    @Test
    void bucketsAreHalfOctavesFromAMicrosecond() {
        assertThat(ArrivalCurve.edge(-1)).isZero();
        assertThat(ArrivalCurve.edge(0)).isEqualTo(1e3);
        assertThat(ArrivalCurve.edge(2)).isCloseTo(2e3, Percentage.withPercentage(1e-6));
        assertThat(ArrivalCurve.edge(ArrivalCurve.BUCKETS - 1)).isGreaterThan(180e9);
    }

    @Test
    void everyAgeIsInTheBucketThatEndsAfterIt() {
        for (double age = 0; age < 200e9; age = 1.07 * age + 1) {
            int bucket = ArrivalCurve.bucket(age);
            assertThat(ArrivalCurve.edge(bucket - 1)).isLessThanOrEqualTo(age);
            if (bucket < ArrivalCurve.BUCKETS) {
                assertThat(ArrivalCurve.edge(bucket)).isGreaterThan(age);
            }
        }
        assertThat(ArrivalCurve.bucket(ArrivalCurve.edge(5))).isEqualTo(6);
        assertThat(ArrivalCurve.bucket(1e18)).isEqualTo(ArrivalCurve.BUCKETS);
    }

    @Test
    void whoHasSeenNothingExpectsNothing() {
        assertThat(curve.expected(0, 1e9)).isZero();
        assertThat(curve.intensity(3)).isZero();
    }

    @Test
    void independentCallersAreExpectedAtTheirRate() {
        for (int epoch = 0; epoch < 200; epoch++) { // so many that old ones have faded
            for (int i = 1; i <= 100; i++) {
                curve.watched((i - 1) * 1e6, i * 1e6);
                curve.arrived(i * 1e6 - 1, 1);
            }
        }
        assertThat(curve.expected(10e6, 60e6)).isCloseTo(50, Percentage.withPercentage(10));
    }

    @Test
    void callersWhoComeBackAreExpectedOnlyThen() {
        for (int epoch = 0; epoch < 30; epoch++) {
            curve.watched(0, 50e6);
            curve.arrived(0.3e6, 7);
        }
        assertThat(curve.expected(0, 1e6)).isCloseTo(7, Percentage.withPercentage(5));
        assertThat(curve.expected(1e6, 50e6)).isZero();
    }

    @Test
    void littleEvidenceSaysLittle() {
        curve.watched(0, 2e6);
        curve.arrived(1.9e6, 4);
        assertThat(curve.expected(0, 10e6)).isLessThan(4);
    }

    @Test
    void whatIsOldFades() {
        for (int epoch = 0; epoch < 600; epoch++) {
            curve.watched(0, 1e6);
            curve.arrived(0.5e6, epoch < 200 ? 10 : 0);
        }
        assertThat(curve.expected(0, 1e6)).isLessThan(0.3);
    }

    @Test
    void hoursAfterAnEpochNothingIsLearnedAndNothingBreaks() {
        curve.watched(0, 1e18);
        curve.arrived(1e18, 3);
        assertThat(curve.expected(1e17, 1e18)).isZero();
        assertThat(curve.expected(0, 1e18)).isZero();
    }
}
