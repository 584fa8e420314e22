package io.asyncbatcher.internal.policy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.internal.policy.simulation.PolicyComparison.EngineKind;
import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short form of what {@link PolicyReport} measures in full; virtual time and seeds make it the same every time. The
 * seeds are neither those of the report nor those by which the policy was made.
 */
class SimulationTests {

    private static final Scenario SOME_ARRIVALS = PolicyCases.poisson(1, 3_000).get(1);

    private final PolicyReport report = new PolicyReport(EngineKind.REAL, 501, 1, 1_500);

    @Test
    void aLoneCallerIsNotDelayed() {
        assertThat(report.lone().of(PolicySetting.ADAPTIVE).mean()).isLessThan(1.02);
    }

    @Test
    void withOneSlotAndIndependentCallersNoControlLimitIsMuchBetter() {
        assertWorst(report.controlLimits(), 1.05);
    }

    @Test
    void callersWhoComeBackAreGathered() {
        assertWorst(report.closed(), 0.75);
    }

    @Test
    void callersAreGatheredThoughACallTakesAsLongAsTheyMayLinger() {
        assertThat(report.closed().get(0).of(PolicySetting.ADAPTIVE).mean()).isLessThan(0.65);
    }

    @Test
    void aFanOutIsGatheredNearlyAsByWhoKnowsTheFuture() {
        assertWorst(report.fanOut(), 1.25);
    }

    @Test
    void aChangeOfRegimeDoesNotHurt() {
        assertWorst(report.changes(4), 1.2);
    }

    private static void assertWorst(List<PolicyReport.Ratios> each, double limit) {
        PolicyReport.Ratios worst = PolicyReport.worst(each, PolicySetting.ADAPTIVE);
        assertThat(worst.of(PolicySetting.ADAPTIVE).mean()).as(worst.name()).isLessThan(limit);
    }

    @Test
    void itIsNearTheBestFixedSettingOfEachCase() {
        PolicyReport small = new PolicyReport(EngineKind.REAL, 501, 1, 1_000);

        assertThat(small.againstBestFixed().mean()).isLessThan(1.05);
    }

    @Test
    void theEngineDecidesAsTheReferenceEngineDoes() {
        for (Scenario scenario : PolicyCases.all(1_000)) {
            for (PolicySetting setting :
                    List.of(PolicySetting.NATURAL, PolicySetting.fixed(16, 1_000), PolicySetting.ADAPTIVE)) {
                double real = Simulation.run(scenario, 501, setting::real).mean();
                double reference =
                        Simulation.run(scenario, 501, setting::reference).mean();
                // the engine's alarm also rings when its reason has gone; the adaptive policy is asked then, too
                double percent = setting.mode() == DispatchMode.ADAPTIVE ? 5 : 1e-6;
                assertThat(real)
                        .as(scenario.name() + ", " + setting.name())
                        .isCloseTo(reference, Percentage.withPercentage(percent));
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameLatencies() {
        Latencies first = Simulation.run(SOME_ARRIVALS, 7, PolicySetting.ADAPTIVE::real);
        Latencies second = Simulation.run(SOME_ARRIVALS, 7, PolicySetting.ADAPTIVE::real);

        assertThat(second.mean()).isEqualTo(first.mean());
        assertThat(second.submittedNanos()).isEqualTo(first.submittedNanos());
    }

    @Test
    void anEstimateCoversWhatItShould() {
        Estimate estimate = Estimate.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

        assertThat(estimate.mean()).isEqualTo(5.5);
        assertThat(estimate.plusMinus()).isCloseTo(2.166, Percentage.withPercentage(0.1));
    }

    @Test
    void theReportStandsBetweenItsMarkers(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("BENCHMARK.md");
        Files.writeString(file, "before\n" + PolicyReport.BEGIN + "\nold\n" + PolicyReport.END + "\nafter\n");

        PolicyReport.writeTo(file, "new\n");

        assertThat(file).hasContent("before\n" + PolicyReport.BEGIN + "\nnew\n" + PolicyReport.END + "\nafter\n");
    }
}
