package io.asyncbatcher.benchmarks.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTests {

    @Test
    void aStepHoldsUpToTheLimitHoweverLateTheClientWas() {
        assertThat(Verdict.of(metrics(500, 0, 0, 0))).isEqualTo(Verdict.HELD);
        assertThat(Verdict.of(metrics(500, 400, 0, 0))).isEqualTo(Verdict.HELD);
    }

    @Test
    void beyondTheLimitItDependsOnWhetherTheClientAloneIsToBlame() {
        assertThat(Verdict.of(metrics(700, 100, 0, 0))).isEqualTo(Verdict.P95);
        assertThat(Verdict.of(metrics(700, 200, 0, 0))).isEqualTo(Verdict.CLIENT);
    }

    @Test
    void oneErrorOrOneMissingAnswerIsTooMuch() {
        assertThat(Verdict.of(metrics(20, 0, 1, 0))).isEqualTo(Verdict.ERRORS);
        assertThat(Verdict.of(metrics(20, 0, 0, 1))).isEqualTo(Verdict.ERRORS);
    }

    private static Map<String, Double> metrics(double p95, double late, double errors, double unanswered) {
        return Map.of("p95Millis", p95, "sentLateP95Millis", late, "errors", errors, "unanswered", unanswered);
    }
}
