package io.asyncbatcher.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.TimeSource;
import io.asyncbatcher.internal.Logged;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class AlarmTests {

    private static final long SECOND = 1_000_000_000;

    private final List<String> said = new ArrayList<>();
    private boolean broken;
    private Runnable ring = () -> {};

    /** It is always zero there. */
    private final TimeSource time = new TimeSource() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public TimeSource.Alarm schedule(Runnable task, long delayNanos) {
            if (broken) {
                throw new RejectedExecutionException("thrown by a test");
            }
            said.add("set for " + delayNanos);
            ring = task;
            return () -> said.add("cancelled");
        }
    };

    private final Alarm alarm = new Alarm(time, () -> {});

    @Test
    void onlyAnEarlierMomentIsSetAnew() {
        alarm.setFor(20);
        alarm.setFor(20);
        alarm.setFor(21);
        alarm.setFor(19);

        assertThat(said).containsExactly("set for 20", "cancelled", "set for 19");
    }

    @Test
    void onlyAnAlarmOfMoreThanASecondIsWorthCancelling() {
        alarm.setFor(SECOND);
        alarm.cancelIfLong();
        assertThat(said).containsExactly("set for 1000000000");

        alarm.cancel();
        alarm.setFor(SECOND + 1);
        alarm.cancelIfLong();
        assertThat(said).containsExactly("set for 1000000000", "cancelled", "set for 1000000001", "cancelled");
    }

    @Test
    void anAlarmThatHasRungIsForgotten() {
        alarm.setFor(2 * SECOND);
        ring.run();
        alarm.cancelIfLong();
        alarm.cancel();

        assertThat(said).containsExactly("set for 2000000000");
    }

    @Test
    void aTimeSourceThatFailsIsLoggedAndAskedAgain() {
        try (Logged logged = new Logged()) {
            broken = true;
            alarm.setFor(20);
            assertThat(logged.messages())
                    .containsExactly("The time source sets no alarm; nothing is dispatched by time until it does");
        }
        broken = false;
        alarm.setFor(20);

        assertThat(said).containsExactly("set for 20");
    }
}
