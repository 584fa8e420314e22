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

        PolicyReport.Overall overall = small.againstBestFixed(false);

        assertThat(small.geometric(overall.means(), PolicySetting.ADAPTIVE).mean())
                .isLessThan(1.05);
        assertThat(small.geometric(overall.p99s(), PolicySetting.ADAPTIVE).mean())
                .isLessThan(1.10);
    }

    @Test
    void itIsAheadOfTheRulesOfOthers() {
        PolicyReport small = new PolicyReport(EngineKind.REFERENCE, 501, 1, 500);
        PolicyReport.Overall overall = small.againstBestFixed(true);

        for (PolicySetting rival : Rivals.ALL) {
            assertThat(small.geometric(overall.means(), PolicySetting.ADAPTIVE).mean())
                    .as(rival.name())
                    .isLessThan(small.geometric(overall.means(), rival).mean());
        }
    }

    @Test
    void asManySlotsAreUsedAsPay() {
        SlotReport slots = new SlotReport(EngineKind.REAL, 501, 1);
        for (Processor.Crowding crowding : SlotCases.ALL) {
            List<SlotCases.Case> cases = SlotCases.of(crowding, 2_000).stream()
                    .filter(each -> each.scenario().name().contains(" 64 callers")
                            || each.scenario().name().startsWith("64 callers"))
                    .toList();
            List<SlotReport.Row> rows = slots.rows(cases);

            assertThat(cases).hasSize(2);
            assertThat(SlotReport.geometric(rows, SlotReport.LEARNED))
                    .as(crowding.name())
                    .isLessThan(1.2);
        }
    }

    @Test
    void theEngineUsesAsManySlotsAsTheReferenceEngineDoes() {
        for (Processor.Crowding crowding : List.of(SlotCases.CORES, SlotCases.REFUSING)) {
            Scenario scenario = SlotCases.of(crowding, 3_000).get(6).scenario();
            double real =
                    Simulation.run(scenario, 501, PolicySetting.ADAPTIVE::real).mean();
            double reference = Simulation.run(scenario, 501, PolicySetting.ADAPTIVE::reference)
                    .mean();

            assertThat(real).as(scenario.name()).isCloseTo(reference, Percentage.withPercentage(10));
        }
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
    void onRealThreadsItRunsTheSameCases() {
        String report = ThreadsReport.report(1, 40);

        assertThat(report.lines()
                        .filter(line ->
                                line.contains("callers") || line.contains("Poisson") || line.contains("fan-out")))
                .hasSize(8);
    }

    @Test
    void anEstimateCoversWhatItShould() {
        Estimate estimate = Estimate.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

        assertThat(estimate.mean()).isEqualTo(5.5);
        assertThat(estimate.plusMinus()).isCloseTo(2.166, Percentage.withPercentage(0.1));
    }

    @Test
    void theReportStandsBetweenItsMarkers(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("page.md");
        Files.writeString(file, "before\n" + PolicyReport.BEGIN + "\nold\n" + PolicyReport.END + "\nafter\n");

        PolicyReport.writeTo(file, PolicyReport.BEGIN, "new\n");

        assertThat(file).hasContent("before\n" + PolicyReport.BEGIN + "\nnew\n" + PolicyReport.END + "\nafter\n");
    }

    @Test
    void eachPageHasTheMarkersOfItsReports() {
        assertThat(SimulationReport.page("dispatch-modes.md"))
                .content()
                .contains(PolicyReport.BEGIN, ThreadsReport.BEGIN);
        assertThat(SimulationReport.page("slots.md")).content().contains(SlotReport.BEGIN);
        assertThat(SimulationReport.page("overload.md")).content().contains(OverloadReport.BEGIN);
    }
}
