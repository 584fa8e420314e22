package io.asyncbatcher.benchmarks.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The experiment in short, on the stand-in: that it works, and nothing about speed. */
class WorkloadRunTests {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final WorkloadRunSettings TINY = new WorkloadRunSettings(SHORT, SHORT, SHORT, SHORT, 1, 200);

    private final List<Map<String, Double>> steps = new ArrayList<>();
    private final List<Map<String, Double>> costs = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(names = {"UNBATCHED", "NATURAL"})
    void theApplicationIsLoadedStepByStep(BatchingMode mode, @TempDir Path scratch) throws Exception {
        WorkloadRun.run(
                Workload.STAND_IN,
                mode,
                TINY,
                1,
                scratch,
                (number, metrics) -> (number == 0 ? costs : steps).add(metrics));

        assertThat(steps)
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step)
                        .containsEntry("errors", 0.0)
                        .containsKeys(
                                "offeredPerSecond", "answeredPerSecond", "p50Millis", "p95Millis", "serverCores"));
        if (mode.batched()) {
            assertThat(steps)
                    .allSatisfy(step -> assertThat(step.get("meanBatch")).isBetween(1.0, 200.0));
            assertThat(costs)
                    .singleElement()
                    .satisfies(cost -> assertThat(cost)
                            .containsEntry("fullBatch", 200.0)
                            .hasEntrySatisfying(
                                    "oneMillis", millis -> assertThat(millis).isPositive())
                            .hasEntrySatisfying(
                                    "fullMillis", millis -> assertThat(millis).isPositive()));
        } else {
            assertThat(costs).isEmpty();
        }
    }
}
