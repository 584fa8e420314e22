package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.util.List;

/**
 * What an item costs by producers and cores, from what single operations cost. {@code docs/benchmarks/scale-model.md} has
 * the formula and what it assumes.
 */
final class ScaleModel {

    static final String OPERATIONS = "operations";

    /** Producers with which the pipeline is measured. */
    static final List<Integer> MEASURED = Scenario.SCALE.subjects().stream()
            .filter(subject -> !subject.equals(OPERATIONS))
            .map(Integer::valueOf)
            .toList();

    /**
     * Items a second that something allows.
     *
     * @param what allows no more
     */
    record Limit(String what, double perSecond) {}

    private final Statistics statistics;

    ScaleModel(Statistics statistics) {
        this.statistics = statistics;
    }

    /** What one operation costs, in nanoseconds. */
    double cost(String metric) {
        return statistics.median(Scenario.SCALE, OPERATIONS, metric);
    }

    /** What the pipeline with so many producers was measured at. */
    double measured(int producers, String metric) {
        return statistics.median(Scenario.SCALE, String.valueOf(producers), metric);
    }

    /** What it costs that the number's cache line moves for an atomic add. */
    double move() {
        return Math.max(0, 2 * (cost("contendedAddNanos") - cost("addNanos")));
    }

    /** The limits, the least first, with as many waits an item as measured with so many producers. */
    List<Limit> limits(int producers, int cores, int slots, int queues, int waitsAsWith) {
        double running = Math.max(1, Math.min(producers, cores) / (double) queues);
        double elsewhere = (running - 1) / running;
        double wakeUp = (measured(waitsAsWith, "waits") - measured(1, "waits")) * cost("wakeUpCpuNanos") / 2;
        double producer = measured(1, "producerNanos") + elsewhere * (move() + cost("handOverNanos")) + wakeUp;
        double batch = measured(1, "batchNanos") + wakeUp;
        return List.of(
                        new Limit("ticket", 1e9 * queues / (cost("addNanos") + elsewhere * move())),
                        new Limit("batch threads", 1e9 * slots / batch),
                        new Limit("producers", 1e9 * Math.min(producers, cores) / producer),
                        new Limit("cores", 1e9 * cores / (producer + batch)))
                .stream()
                .sorted((one, other) -> Double.compare(one.perSecond, other.perSecond))
                .toList();
    }
}
