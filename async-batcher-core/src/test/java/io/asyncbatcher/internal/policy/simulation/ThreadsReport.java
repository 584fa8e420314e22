package io.asyncbatcher.internal.policy.simulation;

import io.asyncbatcher.internal.policy.simulation.Simulation.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Eight cases on real threads beside the simulation; not among the tests, because only a quiet machine gives figures. */
class ThreadsReport {

    static final String BEGIN = "<!-- simulation: threads -->";

    private static final PolicySetting FIXED = PolicySetting.fixed(PolicyCases.LARGEST, 10_000);
    private static final List<String> CASES = List.of(
            "1 12 callers, 10.0 + 0.1 n",
            "1 4 callers, 2.0 + 0.02 n",
            "1 16 callers, 2.0 + 0.02 n",
            "1 16 callers, thinking, 2.0 + 0.02 n",
            "1 Poisson, load 2 %, 2.0 + 0.02 n",
            "1 fan-out of 8, 2.0 + 0.02 n",
            "4 12 callers, 10.0 + 0.1 n",
            "4 fan-out of 8, 2.0 + 0.02 n");

    @Test
    void isWritten() throws IOException {
        int rounds = Integer.getInteger("threads.rounds", 5);
        int items = Integer.getInteger("threads.items", 2_000);
        PolicyReport.writeTo(SimulationReport.page("dispatch-modes.md"), BEGIN, report(rounds, items));
    }

    static String report(int rounds, int items) {
        List<Scenario> cases = PolicyCases.all(items).stream()
                .filter(each -> CASES.contains(each.slots() + " " + each.name()))
                .toList();
        StringBuilder lines = new StringBuilder();
        for (Scenario scenario : cases) {
            double[] simulated = ratios(scenario, rounds, false);
            double[] real = ratios(scenario, rounds, true);
            lines.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %.2f | %.2f | %+.0f %% | %.2f | %.2f | %+.0f %% |%n",
                    scenario.slots(),
                    scenario.name(),
                    simulated[0],
                    real[0],
                    100 * (real[0] / simulated[0] - 1),
                    simulated[1],
                    real[1],
                    100 * (real[1] / simulated[1] - 1)));
        }
        return """
                Mean latencies as multiples of natural's, simulated and on real threads, %d rounds of %d items.

                | slots | case | adaptive, simulated | on threads | | fixed 100 / 10 ms, simulated | on threads | |
                |---|---|---|---|---|---|---|---|
                %s""".formatted(rounds, items, lines);
    }

    /** Adaptive's and fixed's mean latency as multiples of natural's: the median of the rounds. */
    private static double[] ratios(Scenario scenario, int rounds, boolean onThreads) {
        List<Double> adaptive = new ArrayList<>();
        List<Double> fixed = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double natural = mean(scenario, round, PolicySetting.NATURAL, onThreads);
            adaptive.add(mean(scenario, round, PolicySetting.ADAPTIVE, onThreads) / natural);
            fixed.add(mean(scenario, round, FIXED, onThreads) / natural);
        }
        return new double[] {median(adaptive), median(fixed)};
    }

    private static double mean(Scenario scenario, long seed, PolicySetting setting, boolean onThreads) {
        return onThreads
                ? Simulation.runOnThreads(scenario, seed, setting::onThreads).mean()
                : Simulation.run(scenario, seed, setting::real).mean();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
