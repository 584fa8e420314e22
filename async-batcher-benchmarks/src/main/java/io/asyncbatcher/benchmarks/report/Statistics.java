package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Medians, spreads and paired ratios over the samples of a run. */
final class Statistics {

    private final Results results;

    Statistics(Results results) {
        this.results = results;
    }

    /** Whether the run has samples of it. */
    boolean has(Scenario scenario) {
        return results.samples().stream().anyMatch(sample -> sample.scenario().equals(scenario.label()));
    }

    List<Sample> samples(Scenario scenario, String peer) {
        return results.samples().stream()
                .filter(sample -> sample.scenario().equals(scenario.label())
                        && sample.peer().equals(peer))
                .toList();
    }

    Spread spread(Scenario scenario, String peer, String metric) {
        return Spread.of(new ArrayList<>(byRound(scenario, peer, metric).values()));
    }

    double median(Scenario scenario, String peer, String metric) {
        return spread(scenario, peer, metric).median();
    }

    double sum(Scenario scenario, String peer, String metric) {
        return byRound(scenario, peer, metric).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** In each round in which both were measured: one by the other. */
    Spread ratio(Scenario scenario, String peer, String other, String metric) {
        return ratio(scenario, peer, scenario, other, metric);
    }

    Spread ratio(Scenario scenario, String peer, Scenario otherScenario, String other, String metric) {
        Map<Integer, Double> ours = byRound(scenario, peer, metric);
        Map<Integer, Double> theirs = byRound(otherScenario, other, metric);
        List<Double> ratios = new ArrayList<>();
        ours.forEach((round, value) -> {
            Double divisor = theirs.get(round);
            if (divisor != null && divisor > 0) {
                ratios.add(value / divisor);
            }
        });
        return Spread.of(ratios);
    }

    /** In each round in which both were measured: one less the other. */
    Spread difference(Scenario scenario, String peer, String other, String metric) {
        Map<Integer, Double> theirs = byRound(scenario, other, metric);
        List<Double> differences = new ArrayList<>();
        byRound(scenario, peer, metric).forEach((round, value) -> {
            if (theirs.containsKey(round)) {
                differences.add(value - theirs.get(round));
            }
        });
        return Spread.of(differences);
    }

    private Map<Integer, Double> byRound(Scenario scenario, String peer, String metric) {
        Map<Integer, Double> values = new TreeMap<>();
        for (Sample sample : samples(scenario, peer)) {
            Double value = sample.metrics().get(metric);
            if (value != null && sample.fault().isEmpty()) {
                values.put(sample.round(), value);
            }
        }
        return values;
    }
}
