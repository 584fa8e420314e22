package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Results.Sample;
import io.asyncbatcher.benchmarks.results.Spread;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one trial in a JVM of its own: by JMH, or by {@link Trial}. All trials of a scenario have the same flags. */
public final class TrialRunner {

    /** A JVM that says nothing for so long is ended. */
    private static final long LONGEST_SECONDS = 120;

    private final TrialSettings settings;
    private final Path scratch;

    public TrialRunner(TrialSettings settings, Path scratch) {
        this.settings = settings;
        this.scratch = scratch;
    }

    public Sample run(Scenario scenario, String subject, int round) throws IOException, InterruptedException {
        Map<String, Double> metrics = new TreeMap<>();
        String fault = "";
        try {
            metrics.putAll(scenario.producers() > 0 ? byJmh(scenario, subject) : byTrial(scenario, subject));
        } catch (RunnerException | IllegalStateException failed) {
            fault = String.valueOf(failed.getMessage());
        }
        return new Sample(scenario.label(), subject, round, metrics, fault);
    }

    private Map<String, Double> byTrial(Scenario scenario, String subject) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(scenario));
        if (scenario == Scenario.START) {
            command.addAll(List.of("-cp", classPath(subject), StartupTrial.class.getName(), subject));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Trial.class.getName()));
            command.addAll(List.of(
                    scenario.label(),
                    subject,
                    String.valueOf(settings.warmUpMillis()),
                    String.valueOf(settings.millis())));
        }
        Path errors = scratch.resolve("errors.txt");
        Path output = scratch.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IllegalStateException("no result after " + LONGEST_SECONDS + " s");
        }
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith(Trial.RESULT))
                .map(line -> Results.metrics(line.substring(Trial.RESULT.length())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(firstFailure(errors)));
    }

    /** Without the starter there is nothing of ours but this module. */
    private static String classPath(String subject) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !subject.equals("without") || !entry.matches(".*async-batcher-(core|spring-boot-starter)\\b.*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Map<String, Double> byJmh(Scenario scenario, String subject) throws RunnerException, IOException {
        boolean profiled = scenario == Scenario.PROFILE;
        Path counts = scratch.resolve("counts.json");
        Path recording = scratch.resolve("recording.jfr");
        Path output = scratch.resolve("jmh.txt");
        Files.deleteIfExists(counts);
        List<String> flags = new ArrayList<>(flags(scenario));
        flags.add("-D" + PipelineBenchmark.COUNTS_FILE + "=" + counts);
        // What a peer leaves running doesn't hold up the next trial.
        flags.add("-Djmh.shutdownTimeout=1");
        if (profiled) {
            flags.add("-XX:StartFlightRecording=settings=profile,filename=" + recording);
        }
        boolean meters = scenario == Scenario.METERS;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include((meters ? MetersBenchmark.class : PipelineBenchmark.class).getName() + ".item$")
                .param(meters ? "meters" : "peer", subject)
                .threads(scenario.producers())
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(warmUpMillis(scenario)))
                .measurementIterations(settings.iterations())
                .measurementTime(TimeValue.milliseconds(profiled ? settings.millis() : settings.iterationMillis()))
                .timeout(TimeValue.seconds(LONGEST_SECONDS))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.NORMAL)
                .output(output.toString())
                .jvmArgs(flags.toArray(String[]::new));
        try {
            Map<String, Double> metrics = metrics(new Runner(options.build()).run());
            if (Files.exists(counts)) {
                metrics.putAll(Results.metrics(Files.readString(counts)));
            }
            if (profiled) {
                metrics.putAll(MethodProfile.shares(recording, Duration.ofMillis(warmUpMillis(scenario))));
            }
            return metrics;
        } catch (RunnerException failed) {
            throw new IllegalStateException(firstFailure(output), failed);
        }
    }

    private static Map<String, Double> metrics(Collection<RunResult> runs) {
        RunResult run = runs.iterator().next();
        Map<String, Double> metrics = new TreeMap<>();
        int number = 1;
        for (IterationResult iteration :
                run.getBenchmarkResults().iterator().next().getIterationResults()) {
            metrics.put("iteration" + number++, iteration.getPrimaryResult().getScore());
        }
        metrics.put("itemsPerSecond", Spread.of(List.copyOf(metrics.values())).median());
        Result<?> bytes = run.getSecondaryResults().get("gc.alloc.rate.norm");
        if (bytes != null) {
            metrics.put("bytesPerItem", bytes.getScore());
        }
        return metrics;
    }

    /** Where producers keep all cores busy, compilers get on half as fast. */
    private int warmUpMillis(Scenario scenario) {
        boolean busy = scenario.producers() > Runtime.getRuntime().availableProcessors();
        return settings.warmUpMillis() * (busy ? 2 : 1);
    }

    private static List<String> flags(Scenario scenario) {
        List<String> flags = new ArrayList<>(List.of("-Xms2g", "-Xmx2g", "-XX:+UseG1GC"));
        if (scenario != Scenario.START) {
            // Otherwise the kernel clears each page of the heap at its first use, which for seconds costs more than all
            // else.
            flags.add("-XX:+AlwaysPreTouch");
        }
        if (Runtime.version().feature() >= 23) {
            // JCTools and the peers that shade it.
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    private static String firstFailure(Path output) {
        try {
            return Files.readAllLines(output).stream()
                    .map(String::strip)
                    .filter(line -> line.contains("Exception:") || line.contains("Error:"))
                    .findFirst()
                    .orElse("no result");
        } catch (IOException missing) {
            return "no result";
        }
    }
}
