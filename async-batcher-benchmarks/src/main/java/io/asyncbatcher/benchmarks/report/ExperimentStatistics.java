package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.experiment.BatchingMode;
import io.asyncbatcher.benchmarks.experiment.Verdict;
import io.asyncbatcher.benchmarks.experiment.Workload;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the steps of an experiment say. */
final class ExperimentStatistics {

    private final Results results;

    ExperimentStatistics(Results results) {
        this.results = results;
    }

    /** Whether it is an experiment's. */
    boolean isExperiment() {
        return Arrays.stream(Workload.values())
                .anyMatch(workload -> results.samples().stream()
                        .anyMatch(sample -> sample.scenario().equals(workload.label())));
    }

    /** In the order of their rates; those of the same rate as they were taken. */
    List<Sample> steps(Workload workload, BatchingMode mode) {
        return samples(workload, mode).stream()
                .filter(sample -> sample.round() > 0)
                .sorted(Comparator.comparingDouble((Sample sample) -> metric(sample, "offeredPerSecond"))
                        .thenComparing(Sample::round))
                .toList();
    }

    /** The step with the highest rate that held, of those that were measured long enough to count. */
    Optional<Sample> held(Workload workload, BatchingMode mode) {
        List<Sample> steps = steps(workload, mode);
        double longest = steps.stream()
                .mapToDouble(step -> metric(step, "seconds"))
                .max()
                .orElse(0);
        return steps.stream()
                .filter(step -> verdict(step) == Verdict.HELD && metric(step, "seconds") == longest)
                .reduce((lower, higher) -> higher);
    }

    /** Requests a second, or not a number. */
    double heldRate(Workload workload, BatchingMode mode) {
        return held(workload, mode)
                .map(step -> metric(step, "offeredPerSecond"))
                .orElse(Double.NaN);
    }

    /** Why the lowest rate above did not hold, at the last try; empty where none was tried. */
    String endedBy(Workload workload, BatchingMode mode) {
        double held = heldRate(workload, mode);
        return steps(workload, mode).stream()
                .filter(step -> metric(step, "offeredPerSecond") > held && verdict(step) != Verdict.HELD)
                .reduce((last, next) ->
                        metric(next, "offeredPerSecond") > metric(last, "offeredPerSecond") ? last : next)
                .map(step -> verdict(step).label())
                .orElse("");
    }

    /** What a call costs: {@code oneMillis}, {@code fullMillis}, {@code fullBatch}; not a number where not measured. */
    double cost(Workload workload, String metric) {
        return samples(workload, BatchingMode.NATURAL).stream()
                .filter(sample -> sample.round() == 0)
                .map(sample -> metric(sample, metric))
                .findFirst()
                .orElse(Double.NaN);
    }

    static Verdict verdict(Sample step) {
        return Verdict.of(step.metrics());
    }

    static double metric(Sample sample, String metric) {
        return sample.metrics().getOrDefault(metric, Double.NaN);
    }

    private List<Sample> samples(Workload workload, BatchingMode mode) {
        return results.samples().stream()
                .filter(sample -> sample.scenario().equals(workload.label())
                        && sample.peer().equals(mode.label()))
                .toList();
    }
}
