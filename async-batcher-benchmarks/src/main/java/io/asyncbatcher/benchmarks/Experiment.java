package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.experiment.BatchingMode;
import io.asyncbatcher.benchmarks.experiment.Verdict;
import io.asyncbatcher.benchmarks.experiment.Workload;
import io.asyncbatcher.benchmarks.experiment.WorkloadRun;
import io.asyncbatcher.benchmarks.experiment.WorkloadRunSettings;
import io.asyncbatcher.benchmarks.report.ExperimentTables;
import io.asyncbatcher.benchmarks.report.MarkdownTable;
import io.asyncbatcher.benchmarks.report.Report;
import io.asyncbatcher.benchmarks.results.Machine;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The original's experiment: an HTTP endpoint with and without batching under a growing load. Arguments:
 *
 * <pre>
 * experiment  quick
 * only=stand-in,readings  modes=unbatched,natural  seed=1  out=FILE
 * </pre>
 */
final class Experiment {

    private final Map<String, String> arguments = new TreeMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final boolean quick;

    private Experiment(List<String> words) {
        quick = words.contains("quick");
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                arguments.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
    }

    static void run(List<String> words) throws Exception {
        Experiment experiment = new Experiment(words);
        String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, String> machine = Machine.facts();
        experiment.measure();
        Results results =
                new Results(started, String.join(" ", words), machine, Machine.versions(), experiment.samples);
        Path file = experiment.file();
        results.write(file);
        System.out.println("\n" + ExperimentTables.all(results) + "\nRaw data: " + file);
    }

    private void measure() throws Exception {
        Path scratch = Files.createTempDirectory("experiment");
        for (Workload workload : workloads()) {
            if (!workload.available()) {
                System.out.println(workload.label() + " is left out: it takes -Psystems, on Linux x86_64");
                continue;
            }
            for (BatchingMode mode : workload.modes()) {
                if (chosen("modes", mode.label())) {
                    measure(workload, mode, scratch);
                }
            }
        }
    }

    private void measure(Workload workload, BatchingMode mode, Path scratch) throws Exception {
        long seed = Long.parseLong(arguments.getOrDefault("seed", "1"));
        WorkloadRun.run(
                workload,
                mode,
                quick ? WorkloadRunSettings.QUICK : WorkloadRunSettings.FULL,
                seed,
                scratch,
                (number, metrics) -> {
                    samples.add(new Sample(workload.label(), mode.label(), number, metrics, ""));
                    System.out.println(workload.label() + " " + mode.label() + " " + told(metrics) + " "
                            + Verdict.of(metrics).label());
                });
    }

    private List<Workload> workloads() {
        return Arrays.stream(Workload.values())
                .filter(workload -> chosen("only", workload.label()))
                .toList();
    }

    private boolean chosen(String argument, String label) {
        String chosen = arguments.get(argument);
        return chosen == null || List.of(chosen.split(",")).contains(label);
    }

    private static String told(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .map(metric -> metric.getKey() + "=" + MarkdownTable.number(metric.getValue()))
                .collect(Collectors.joining(" "));
    }

    private Path file() {
        String name = LocalDate.now(ZoneOffset.UTC) + "-jdk" + Runtime.version().feature() + "-" + Report.EXPERIMENT
                + ".json";
        String file = arguments.get("out");
        if (file != null) {
            return Path.of(file);
        }
        return quick ? Path.of("target", "quick-" + name) : Report.RESULTS.resolve(name);
    }
}
