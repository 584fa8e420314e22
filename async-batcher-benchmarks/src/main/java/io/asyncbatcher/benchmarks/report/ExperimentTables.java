package io.asyncbatcher.benchmarks.report;

import static io.asyncbatcher.benchmarks.report.ExperimentStatistics.metric;
import static io.asyncbatcher.benchmarks.report.ExperimentStatistics.verdict;

import io.asyncbatcher.benchmarks.experiment.BatchingMode;
import io.asyncbatcher.benchmarks.experiment.Workload;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import java.util.ArrayList;
import java.util.List;

/** The experiment's tables, by the name that their markers use. */
public final class ExperimentTables {

    /** Wanted of the original's own cost, before anything was measured. */
    private static final double WANTED_GAIN = 10;

    private final ExperimentStatistics statistics;

    private ExperimentTables(Results results) {
        statistics = new ExperimentStatistics(results);
    }

    static String table(String name, Results results) {
        ExperimentTables tables = new ExperimentTables(results);
        return switch (name) {
            case "experiment" -> tables.held();
            case "experiment-summary" -> tables.summary();
            case "experiment-allowed" -> tables.allowed();
            case "experiment-machine" -> Tables.machine(results);
            default -> tables.steps(Workload.of(name.substring("experiment-".length())));
        };
    }

    /** Without the single steps. */
    public static String all(Results results) {
        return table("experiment", results) + "\n" + table("experiment-allowed", results);
    }

    private String held() {
        MarkdownTable table = new MarkdownTable(
                "workload",
                "mode",
                "held, requests/s",
                "p95 there, ms",
                "items a batch there",
                "÷ unbatched",
                "wanted",
                "ended by");
        for (Workload workload : Workload.values()) {
            for (BatchingMode mode : workload.modes()) {
                statistics
                        .held(workload, mode)
                        .ifPresent(step -> table.row(
                                workload.label(),
                                mode.batched() ? "**" + mode.label() + "**" : mode.label(),
                                MarkdownTable.number(metric(step, "offeredPerSecond")),
                                MarkdownTable.number(metric(step, "p95Millis")),
                                MarkdownTable.number(metric(step, "meanBatch")),
                                mode.batched() ? MarkdownTable.number(gain(workload, mode)) : "",
                                wanted(workload, mode),
                                statistics.endedBy(workload, mode)));
            }
        }
        return table.toString();
    }

    /** The held rates alone. */
    private String summary() {
        MarkdownTable table = new MarkdownTable(
                "requests/s held", "unbatched", "**fixed**", "**natural**", "**adaptive**", "best ÷ unbatched");
        for (Workload workload : Workload.values()) {
            List<String> row = new ArrayList<>(List.of(workload.label()));
            for (BatchingMode mode : BatchingMode.values()) {
                row.add(MarkdownTable.number(statistics.heldRate(workload, mode)));
            }
            row.add(MarkdownTable.number(best(workload)));
            table.row(row);
        }
        return table.toString();
    }

    private String allowed() {
        MarkdownTable table = new MarkdownTable(
                "workload",
                "a call with one item, ms",
                "with a full batch, ms",
                "items in it",
                "the model allows",
                "HTTP allows",
                "got");
        double http = statistics.heldRate(Workload.AT_ONCE, BatchingMode.UNBATCHED);
        for (Workload workload : Workload.values()) {
            double items = statistics.cost(workload, "fullBatch");
            double one = statistics.cost(workload, "oneMillis");
            double full = statistics.cost(workload, "fullMillis");
            if (!Double.isNaN(items)) {
                table.row(
                        workload.label(),
                        MarkdownTable.number(one),
                        MarkdownTable.number(full),
                        MarkdownTable.number(items),
                        MarkdownTable.number(items * one / full),
                        MarkdownTable.number(http / statistics.heldRate(workload, BatchingMode.UNBATCHED)),
                        MarkdownTable.number(best(workload)));
            }
        }
        return table.toString();
    }

    private String steps(Workload workload) {
        if (workload.modes().stream()
                .allMatch(mode -> statistics.steps(workload, mode).isEmpty())) {
            return "Not measured yet.\n";
        }
        MarkdownTable table = new MarkdownTable(
                "mode",
                "offered/s",
                "for, s",
                "answered/s",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "errors",
                "unanswered",
                "items a batch",
                "cores: application",
                "client",
                "");
        for (BatchingMode mode : workload.modes()) {
            for (Sample step : statistics.steps(workload, mode)) {
                table.row(
                        mode.batched() ? "**" + mode.label() + "**" : mode.label(),
                        MarkdownTable.number(metric(step, "offeredPerSecond")),
                        MarkdownTable.number(metric(step, "seconds")),
                        MarkdownTable.number(metric(step, "answeredPerSecond")),
                        MarkdownTable.number(metric(step, "p50Millis")),
                        MarkdownTable.number(metric(step, "p95Millis")),
                        MarkdownTable.number(metric(step, "p99Millis")),
                        MarkdownTable.number(metric(step, "errors")),
                        MarkdownTable.number(metric(step, "unanswered")),
                        MarkdownTable.number(metric(step, "meanBatch")),
                        MarkdownTable.number(metric(step, "serverCores")),
                        MarkdownTable.number(metric(step, "clientCores")),
                        verdict(step).label());
            }
        }
        return table.toString();
    }

    private double gain(Workload workload, BatchingMode mode) {
        return statistics.heldRate(workload, mode) / statistics.heldRate(workload, BatchingMode.UNBATCHED);
    }

    private double best(Workload workload) {
        return workload.modes().stream()
                .filter(BatchingMode::batched)
                .mapToDouble(mode -> gain(workload, mode))
                .filter(gain -> !Double.isNaN(gain))
                .max()
                .orElse(Double.NaN);
    }

    private String wanted(Workload workload, BatchingMode mode) {
        double gain = gain(workload, mode);
        if (workload != Workload.STAND_IN || !mode.batched() || Double.isNaN(gain)) {
            return "";
        }
        boolean reached = gain >= WANTED_GAIN;
        return "≥ " + MarkdownTable.number(WANTED_GAIN) + ": " + (reached ? "reached" : "**not reached**");
    }
}
