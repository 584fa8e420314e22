package io.asyncbatcher.benchmarks;

import io.asyncbatcher.benchmarks.report.MarkdownTable;
import io.asyncbatcher.benchmarks.report.Report;
import io.asyncbatcher.benchmarks.report.Tables;
import io.asyncbatcher.benchmarks.results.Machine;
import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import io.asyncbatcher.benchmarks.scenarios.TrialRunner;
import io.asyncbatcher.benchmarks.scenarios.TrialSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Measures. In every round each scenario lets all of its peers run, one after the other in an order of that round's own,
 * each in a new JVM; so what disturbs the machine for a while disturbs them alike. Arguments:
 *
 * <pre>
 * full | quick | report
 * rounds=5  only=pipeline-2,service  peers=fixed,reactor  seed=1  out=FILE
 * </pre>
 */
final class BenchmarkRun {

    private static final List<Scenario> QUICK = List.of(
            Scenario.PIPELINE_2,
            Scenario.BLOCKING,
            Scenario.VIRTUAL,
            Scenario.LONE_LINGER,
            Scenario.LONE,
            Scenario.SERVICE,
            Scenario.IDLE,
            Scenario.QUEUED);

    private final Map<String, String> arguments = new TreeMap<>();
    private final boolean quick;
    private final List<Sample> samples = new ArrayList<>();

    private BenchmarkRun(List<String> words) {
        quick = words.contains("quick");
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                arguments.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (!word.equals("quick") && !word.equals("full")) {
                throw new IllegalArgumentException(
                        "'" + word + "' is none of quick, full, report, rounds=…, only=…," + " peers=…, seed=…, out=…");
            }
        }
    }

    public static void main(String[] words) throws Exception {
        if (Arrays.asList(words).contains("report")) {
            Report.main(new String[0]);
            return;
        }
        if (Arrays.asList(words).contains("experiment")) {
            Experiment.run(List.of(words));
            return;
        }
        BenchmarkRun run = new BenchmarkRun(List.of(words));
        // where the file goes says something about a machine, and nothing about the results
        Results results = run.measure(
                Arrays.stream(words).filter(word -> !word.startsWith("out=")).collect(Collectors.joining(" ")));
        Path file = run.file();
        results.write(file);
        System.out.println("\n" + Tables.all(results) + "\nRaw data: " + file);
        // What JMH or a peer left running in this JVM is of no use any more.
        System.exit(0);
    }

    private Results measure(String words) throws IOException, InterruptedException {
        String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, String> machine = Machine.facts();
        Path scratch = Files.createTempDirectory("benchmarks");
        TrialRunner runner = new TrialRunner(quick ? TrialSettings.QUICK : TrialSettings.FULL, scratch);
        int rounds = Integer.parseInt(arguments.getOrDefault("rounds", quick ? "1" : "5"));
        long seed = Long.parseLong(arguments.getOrDefault("seed", "1"));
        for (int round = 1; round <= rounds; round++) {
            for (Scenario scenario : scenarios()) {
                if (!scenario.available()) {
                    System.out.println(scenario.label() + " is left out: it takes JDK 21 or later");
                } else if (round <= scenario.rounds()) {
                    trials(runner, scenario, round, new Random(seed + round));
                }
            }
        }
        return new Results(started, words, machine, Machine.versions(), samples);
    }

    private void trials(TrialRunner runner, Scenario scenario, int round, Random random)
            throws IOException, InterruptedException {
        List<String> subjects = new ArrayList<>(scenario.subjects());
        if (scenario != Scenario.METERS && arguments.containsKey("peers")) {
            subjects.retainAll(List.of(arguments.get("peers").split(",")));
        }
        Collections.shuffle(subjects, random);
        for (String subject : subjects) {
            Sample sample = runner.run(scenario, subject, round);
            samples.add(sample);
            System.out.println("round " + round + " " + scenario.label() + " " + subject + " " + told(sample));
        }
    }

    private static String told(Sample sample) {
        if (!sample.fault().isEmpty()) {
            return "FAULT " + sample.fault();
        }
        return sample.metrics().entrySet().stream()
                .map(metric -> metric.getKey() + "=" + MarkdownTable.number(metric.getValue()))
                .collect(Collectors.joining(" "));
    }

    private List<Scenario> scenarios() {
        String only = arguments.get("only");
        if (only != null) {
            return Arrays.stream(only.split(",")).map(Scenario::of).toList();
        }
        return quick ? QUICK : List.copyOf(EnumSet.complementOf(EnumSet.of(Scenario.START)));
    }

    /** A full run's results are there to be committed; a quick one's say only that everything works. */
    private Path file() {
        String only = arguments.containsKey("only") ? "-" + arguments.get("only") : "";
        String name = LocalDate.now(ZoneOffset.UTC) + "-jdk" + Runtime.version().feature() + only + ".json";
        String file = arguments.get("out");
        if (file != null) {
            return Path.of(file);
        }
        return quick ? Path.of("target", "quick-" + name) : Path.of("results", name);
    }
}
