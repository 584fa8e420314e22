package io.asyncbatcher.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScaleModelTests {

    private static final Results RESULTS = new Results(
            "2026-01-01T00:00:00Z",
            "only=scale",
            Map.of("cores", "2"),
            Map.of(),
            List.of(
                    sample(
                            "operations",
                            Map.of(
                                    "addNanos", 2.0,
                                    "contendedAddNanos", 12.0,
                                    "handOverNanos", 30.0,
                                    "wakeUpNanos", 4_000.0,
                                    "wakeUpCpuNanos", 5_000.0)),
                    sample(
                            "1",
                            Map.of("itemsPerSecond", 30e6, "producerNanos", 30.0, "batchNanos", 25.0, "waits", 0.001)),
                    sample(
                            "16",
                            Map.of(
                                    "itemsPerSecond",
                                    20e6,
                                    "producerNanos",
                                    60.0,
                                    "batchNanos",
                                    30.0,
                                    "waits",
                                    0.002))));

    private final ScaleModel model = new ScaleModel(new Statistics(RESULTS));

    @Test
    void withOneProducerNothingIsContended() {
        ScaleModel.Limit least = model.limits(1, 2, 1, 1, 1).get(0);

        assertThat(least.what()).isEqualTo("producers");
        assertThat(least.perSecond()).isCloseTo(1e9 / 30, within(1.0));
    }

    @Test
    void moreProducersThanCoresShareThemAndMoveLines() {
        ScaleModel.Limit least = model.limits(16, 2, 1, 1, 16).get(0);

        // half of the adds find the line elsewhere, and a wait more for 1,000 items costs both sides 2.5 ns
        assertThat(least.what()).isEqualTo("cores");
        assertThat(least.perSecond()).isCloseTo(2e9 / (30 + 0.5 * (20 + 30) + 2.5 + 25 + 2.5), within(1.0));
    }

    @Test
    void oneSlotSaturatesBeforeTheTicketAndSeveralAfterIt() {
        assertThat(model.limits(63, 64, 1, 1, 16).get(0).what()).isEqualTo("batch threads");
        assertThat(model.limits(56, 64, 8, 1, 16).get(0).what()).isEqualTo("ticket");
    }

    @Test
    void stripedQueuesRaiseTheLimitOfTheTicket() {
        double one = model.limits(56, 64, 8, 1, 16).get(0).perSecond();
        double four = model.limits(56, 64, 8, 4, 16).get(0).perSecond();

        assertThat(one).isCloseTo(1e9 / (2 + 20 * 55 / 56.0), within(1.0));
        assertThat(four).isCloseTo(4e9 / (2 + 20 * 13 / 14.0), within(1.0));
    }

    @Test
    void thePredictionSaysWhatSaturates() {
        assertThat(ScaleTables.prediction(RESULTS))
                .contains("| 16 | 1 | 15 |", "| 64 | 8 | 56 |", "batch threads", "ticket");
    }

    private static Sample sample(String subject, Map<String, Double> metrics) {
        return new Sample("scale", subject, 1, metrics, "");
    }
}
