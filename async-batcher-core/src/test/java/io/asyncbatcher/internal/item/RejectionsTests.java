package io.asyncbatcher.internal.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.RejectionReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RejectionsTests {

    private static final BatcherOptions OPTIONS = BatcherOptions.defaults();

    @Test
    void aWaitForRoomThatEndedInVainIsCountedByItsReason() {
        assertThat(Rejections.reason(Rejections.stillFull(OPTIONS))).isEqualTo(RejectionReason.FULL);
        assertThat(Rejections.reason(Rejections.stopped("orders"))).isEqualTo(RejectionReason.STOPPED);
        assertThat(Rejections.reason(Rejections.tooHeavy(OPTIONS, 3, false))).isEqualTo(RejectionReason.TOO_HEAVY);
        assertThat(Rejections.reason(Rejections.expired("orders", Duration.ofMillis(1), false)))
                .isNull();
    }

    @Test
    void aRejectionByTheExecutorSaysWhetherItemsMayHaveRun() {
        assertThat(Rejections.rejectedByExecutor("orders", new RuntimeException(), true))
                .hasMessageEndingWith("may have run");
        assertThat(Rejections.rejectedByExecutor("orders", new RuntimeException(), false))
                .hasMessageEndingWith("have not run");
    }

    @Test
    void theWaitOfAnItemThatIsShedIsRoundedToMicrosecondsBelowAMillisecondAndToMillisecondsFromThere() {
        assertThat(Rejections.shed("orders", Duration.ofMillis(1), 999_400, 1_000_000, false))
                .hasMessageContaining("wait is PT0.000999S")
                .hasMessageContaining("takes up to PT0.001S");
        assertThat(Rejections.shed("orders", Duration.ofMillis(1), 1_400_000, 1_500_000, false))
                .hasMessageContaining("wait is PT0.001S")
                .hasMessageContaining("takes up to PT0.002S");
    }
}
