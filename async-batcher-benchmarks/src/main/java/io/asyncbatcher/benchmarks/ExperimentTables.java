package io.asyncbatcher.benchmarks;

import static io.asyncbatcher.benchmarks.ExperimentFigures.metric;
import static io.asyncbatcher.benchmarks.ExperimentFigures.verdict;

import io.asyncbatcher.benchmarks.Results.Sample;
import io.asyncbatcher.benchmarks.experiment.Mode;
import io.asyncbatcher.benchmarks.experiment.Workload;

/** The experiment's tables, by the name that their markers in {@code BENCHMARK.md} use. */
final class ExperimentTables {

    /** Wanted of the original's own cost, before anything was measured. */
    private static final double WANTED_GAIN = 10;

    private final ExperimentFigures figures;

    private ExperimentTables(Results results) {
        figures = new ExperimentFigures(results);
    }

    static String table(String name, Results results) {
        ExperimentTables tables = new ExperimentTables(results);
        return switch (name) {
            case "experiment" -> tables.held();
            case "experiment-allowed" -> tables.allowed();
            case "experiment-machine" -> Tables.machine(results);
            default -> tables.steps(Workload.of(name.substring("experiment-".length())));
        };
    }

    /** Without the single steps. */
    static String all(Results results) {
        return table("experiment", results) + "\n" + table("experiment-allowed", results);
    }

    private String held() {
        Markdown table = new Markdown(
                "workload",
                "mode",
                "held, requests/s",
                "p95 there, ms",
                "items a batch there",
                "÷ unbatched",
                "wanted",
                "ended by");
        for (Workload workload : Workload.values()) {
            for (Mode mode : workload.modes()) {
                figures.held(workload, mode)
                        .ifPresent(step -> table.row(
                                workload.label(),
                                mode.batched() ? "**" + mode.label() + "**" : mode.label(),
                                Markdown.number(metric(step, "offeredPerSecond")),
                                Markdown.number(metric(step, "p95Millis")),
                                Markdown.number(metric(step, "meanBatch")),
                                mode.batched() ? Markdown.number(gain(workload, mode)) : "",
                                wanted(workload, mode),
                                figures.endedBy(workload, mode)));
            }
        }
        return table.toString();
    }

    private String allowed() {
        Markdown table = new Markdown(
                "workload",
                "a call with one item, ms",
                "with a full batch, ms",
                "items in it",
                "the model allows",
                "HTTP allows",
                "got");
        double http = figures.heldRate(Workload.AT_ONCE, Mode.UNBATCHED);
        for (Workload workload : Workload.values()) {
            double items = figures.cost(workload, "fullBatch");
            double one = figures.cost(workload, "oneMillis");
            double full = figures.cost(workload, "fullMillis");
            if (!Double.isNaN(items)) {
                table.row(
                        workload.label(),
                        Markdown.number(one),
                        Markdown.number(full),
                        Markdown.number(items),
                        Markdown.number(items * one / full),
                        Markdown.number(http / figures.heldRate(workload, Mode.UNBATCHED)),
                        Markdown.number(best(workload)));
            }
        }
        return table.toString();
    }

    private String steps(Workload workload) {
        if (workload.modes().stream()
                .allMatch(mode -> figures.steps(workload, mode).isEmpty())) {
            return "Not measured yet.\n";
        }
        Markdown table = new Markdown(
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
        for (Mode mode : workload.modes()) {
            for (Sample step : figures.steps(workload, mode)) {
                table.row(
                        mode.batched() ? "**" + mode.label() + "**" : mode.label(),
                        Markdown.number(metric(step, "offeredPerSecond")),
                        Markdown.number(metric(step, "seconds")),
                        Markdown.number(metric(step, "answeredPerSecond")),
                        Markdown.number(metric(step, "p50Millis")),
                        Markdown.number(metric(step, "p95Millis")),
                        Markdown.number(metric(step, "p99Millis")),
                        Markdown.number(metric(step, "errors")),
                        Markdown.number(metric(step, "unanswered")),
                        Markdown.number(metric(step, "meanBatch")),
                        Markdown.number(metric(step, "serverCores")),
                        Markdown.number(metric(step, "clientCores")),
                        verdict(step).label());
            }
        }
        return table.toString();
    }

    private double gain(Workload workload, Mode mode) {
        return figures.heldRate(workload, mode) / figures.heldRate(workload, Mode.UNBATCHED);
    }

    private double best(Workload workload) {
        return workload.modes().stream()
                .filter(Mode::batched)
                .mapToDouble(mode -> gain(workload, mode))
                .filter(gain -> !Double.isNaN(gain))
                .max()
                .orElse(Double.NaN);
    }

    private String wanted(Workload workload, Mode mode) {
        double gain = gain(workload, mode);
        if (workload != Workload.STAND_IN || !mode.batched() || Double.isNaN(gain)) {
            return "";
        }
        boolean reached = gain >= WANTED_GAIN;
        return "≥ " + Markdown.number(WANTED_GAIN) + ": " + (reached ? "reached" : "**not reached**");
    }
}
