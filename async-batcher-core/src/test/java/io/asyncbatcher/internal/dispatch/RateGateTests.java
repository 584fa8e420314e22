package io.asyncbatcher.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.RateLimit;
import io.asyncbatcher.internal.thread.Nanos;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import org.junit.jupiter.api.Test;

class RateGateTests {

    private final RateGate gate = new RateGate();

    private static RateLimit limit(int batches, long perNanos) {
        return new RateLimit(batches, Duration.ofNanos(perNanos));
    }

    private void begin(long nowNanos) {
        gate.handOver();
        gate.begin(nowNanos);
    }

    private Collection<?> beginnings() throws ReflectiveOperationException {
        Field field = RateGate.class.getDeclaredField("beginnings");
        field.setAccessible(true);
        return (Collection<?>) field.get(gate);
    }

    @Test
    void withoutALimitItIsFreeAndLimitsNothing() {
        assertThat(gate.isLimited()).isFalse();
        assertThat(gate.isFree()).isTrue();

        gate.limit(limit(1, 10));
        assertThat(gate.isLimited()).isTrue();
        assertThat(gate.isFree()).isFalse();
    }

    @Test
    void aCallWaitsUntilTheOldestThatCountsIsAWindowOld() {
        gate.limit(limit(2, 10));
        begin(1);
        begin(4);

        assertThat(gate.waitNanos(5)).isEqualTo(6);
        assertThat(gate.waitNanos(11)).isZero();
        gate.handOver();
        assertThat(gate.waitNanos(11)).isEqualTo(3);
        gate.handOver();
        assertThat(gate.waitNanos(30)).isEqualTo(Nanos.FOREVER);
        gate.takeBack();
        assertThat(gate.waitNanos(30)).isZero();
    }

    @Test
    void itKeepsTheBeginningsThatMayCountAndNoOthers() throws Exception {
        gate.limit(limit(2, 10));
        begin(1);
        begin(1);
        begin(2);
        assertThat(beginnings()).hasSize(2);
        gate.waitNanos(11);
        assertThat(beginnings()).hasSize(1);

        begin(12);
        gate.limit(limit(1, 10));
        assertThat(beginnings()).hasSize(1);
        gate.limit(null);
        assertThat(beginnings()).isEmpty();
    }

    @Test
    void aHoldEndsAtItsMoment() {
        gate.hold(10);
        gate.hold(7); // it is held longer already

        assertThat(gate.waitNanos(7)).isEqualTo(3);
        assertThat(gate.isFree()).isFalse();
        assertThat(gate.waitNanos(10)).isZero();
        assertThat(gate.isFree()).isTrue();
    }

    @Test
    void itTellsForHowLongItHasHeldSomethingBack() {
        assertThat(gate.hasHeldBack()).isFalse();

        gate.holdBack(true, 3);
        assertThat(gate.hasHeldBack()).isTrue();
        gate.holdBack(true, 5);
        gate.holdBack(false, 8);
        assertThat(gate.hasHeldBack()).isTrue();
        gate.holdBack(false, 20);

        assertThat(gate.takeHeldBackNanos(30)).isEqualTo(5);
        assertThat(gate.hasHeldBack()).isFalse();
    }
}
