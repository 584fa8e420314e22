package io.asyncbatcher.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asyncbatcher.TimeSource.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VirtualTimeTests {

    private final VirtualTime time = new VirtualTime();
    private final long start = time.nanoTime();
    private final List<String> rung = new ArrayList<>();

    private Alarm alarm(String name, long delayNanos) {
        return time.schedule(() -> rung.add(name + " " + (time.nanoTime() - start)), delayNanos);
    }

    @Test
    void timeStandsStillUntilItIsMoved() {
        alarm("a", 1);

        assertThat(time.nanoTime()).isEqualTo(start);
        assertThat(rung).isEmpty();
        time.advance(Duration.ofNanos(3));
        time.advanceMillis(2);

        assertThat(time.nanoTime() - start).isEqualTo(2_000_003);
    }

    @Test
    void itCrossesTheOverflowWithinTheFirstTwoMilliseconds() {
        alarm("after it", 2_000_000);
        alarm("before it", 1);

        time.advanceMillis(2);

        assertThat(start).isPositive();
        assertThat(time.nanoTime()).isNegative();
        assertThat(rung).containsExactly("before it 1", "after it 2000000");
    }

    @Test
    void alarmsRingInTheirOrderAtTheirOwnTimes() {
        alarm("late", 30);
        alarm("early", 10);
        alarm("early too", 10);
        alarm("overdue", -5);
        alarm("later", 31);

        time.advance(Duration.ofNanos(30));

        assertThat(rung).containsExactly("overdue 0", "early 10", "early too 10", "late 30");
        assertThat(time.alarms()).isEqualTo(1);
    }

    @Test
    void noAlarmRingsWithinTheCallThatSetsIt() {
        alarm("due", 0);
        assertThat(rung).isEmpty();

        time.advance(Duration.ZERO);

        assertThat(rung).containsExactly("due 0");
    }

    @Test
    void anAlarmThatIsCalledOffDoesNotRing() {
        Alarm first = alarm("first", 10);
        alarm("second", 10);

        first.cancel();
        assertThat(time.alarms()).isEqualTo(1);
        time.advance(Duration.ofNanos(10));
        first.cancel();

        assertThat(rung).containsExactly("second 10");
    }

    @Test
    void whatAnAlarmSetsRingsOnTheSameWay() {
        time.schedule(() -> alarm("nested", 5), 10);

        time.advance(Duration.ofNanos(20));

        assertThat(rung).containsExactly("nested 15");
    }

    @Test
    void whatAnAlarmRunsMayMoveTheTimeAndItNeverGoesBack() {
        time.schedule(() -> time.advance(Duration.ofNanos(100)), 10);
        alarm("passed on the way", 50);

        time.advance(Duration.ofNanos(20));

        assertThat(rung).containsExactly("passed on the way 50");
        assertThat(time.nanoTime() - start).isEqualTo(110);
    }

    @Test
    void whatIsSkippedRingsLate() {
        alarm("a", 10);

        time.skip(Duration.ofNanos(500));
        assertThat(rung).isEmpty();
        time.advance(Duration.ZERO);

        assertThat(rung).containsExactly("a 500");
    }

    @Test
    void timeDoesNotGoBack() {
        Duration back = Duration.ofNanos(-1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> time.advance(back))
                .withMessageContaining("PT-0.000");
        assertThatIllegalArgumentException().isThrownBy(() -> time.skip(back));
        assertThatIllegalArgumentException().isThrownBy(() -> time.advanceMillis(-1));
    }

    @Test
    void theLongestDelayIsLaterThanEveryOther() {
        alarm("never", Long.MAX_VALUE);
        alarm("soon", 1);

        time.advance(Duration.ofDays(365));
        alarm("later", 1);
        time.advance(Duration.ofDays(365));

        assertThat(rung).hasSize(2);
        assertThat(time.alarms()).isEqualTo(1);
    }

    @Test
    void severalThreadsMaySetAlarmsAndMoveTheTime() throws Exception {
        AtomicInteger count = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int turn = 0; turn < 10_000; turn++) {
                    time.schedule(count::incrementAndGet, turn % 7);
                    time.advance(Duration.ofNanos(1));
                }
            }));
        }

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        time.advance(Duration.ofNanos(7));

        assertThat(count).hasValue(40_000);
        assertThat(time.alarms()).isZero();
    }

    @Test
    void theLongestSpanIsNoProblem() {
        VirtualTime time = new VirtualTime();
        List<String> rung = new ArrayList<>();
        time.schedule(() -> rung.add("late"), Duration.ofDays(36_500).toNanos());
        time.schedule(() -> rung.add("soon"), 1);
        long before = time.nanoTime();

        time.advance(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        assertThat(rung).containsExactly("soon", "late");
        assertThat(time.nanoTime() - before).isPositive();
        time.schedule(() -> rung.add("again"), 1);
        time.skip(Duration.ofSeconds(Long.MAX_VALUE));
        time.advance(Duration.ZERO);

        assertThat(rung).endsWith("again");
    }
}
