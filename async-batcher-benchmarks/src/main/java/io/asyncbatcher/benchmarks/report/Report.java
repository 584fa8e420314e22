package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes what was measured into {@code BENCHMARK.md} and draws the plots. A block between {@code <!-- table: NAME -->} and
 * {@code <!-- end -->} gets that table of the newest results; {@code <!-- table: NAME on jdk17 -->} of the newest on that
 * JDK. The table {@code start} is that of the newest run that measured starts, and those that begin with
 * {@code experiment} are of the newest experiment.
 */
public final class Report {

    public static final Path RESULTS = Path.of("results");
    static final Path PAGE = Path.of("..", "BENCHMARK.md");
    static final Path PLOTS = Path.of("..", "docs", "benchmarks");

    /** How the names of the experiment's tables begin, and those of its results end. */
    public static final String EXPERIMENT = "experiment";

    private static final Pattern BLOCK =
            Pattern.compile("(<!-- table: ([a-z-]+)(?: on (jdk\\d+))? -->\\n).*?(<!-- end -->)", Pattern.DOTALL);

    private Report() {}

    public static void main(String[] none) throws IOException {
        List<Path> results = files(RESULTS);
        Files.writeString(PAGE, page(Files.readString(PAGE), results));
        System.out.println(PAGE.normalize() + " has the tables of " + results);
        Optional<Path> drawn = results.stream().filter(Report::isOfEverything).reduce((older, newer) -> newer);
        if (drawn.isPresent()) {
            Plots.draw(Results.read(drawn.get()), PLOTS);
            System.out.println(PLOTS.normalize() + " has the plots of " + drawn.get());
        }
        Optional<Path> experiment =
                results.stream().filter(file -> has(EXPERIMENT, file)).reduce((older, newer) -> newer);
        if (experiment.isPresent()) {
            ExperimentPlots.draw(Results.read(experiment.get()), PLOTS);
            System.out.println(PLOTS.normalize() + " has the plots of " + experiment.get());
        }
    }

    /** A run of a few scenarios has tables, but no plots. */
    private static boolean isOfEverything(Path file) {
        return new Statistics(Results.read(file)).has(Scenario.PIPELINE_2);
    }

    /** Starts are measured in runs of their own, and so is the experiment. */
    private static boolean has(String table, Path file) {
        Results results = Results.read(file);
        if (table.startsWith(EXPERIMENT)) {
            return new ExperimentStatistics(results).isExperiment();
        }
        Statistics statistics = new Statistics(results);
        return table.equals("start") ? statistics.has(Scenario.START) : statistics.hasOtherThan(Scenario.START);
    }

    /** The page with every marked table made anew. */
    static String page(String page, List<Path> results) {
        return BLOCK.matcher(page).replaceAll(block -> {
            String jdk = block.group(3) == null ? "" : block.group(3);
            String table = results.stream()
                    .filter(file -> file.getFileName().toString().contains(jdk) && has(block.group(2), file))
                    .reduce((older, newer) -> newer)
                    .map(file -> Tables.table(block.group(2), Results.read(file)))
                    .orElse("Not measured yet.\n");
            return Matcher.quoteReplacement(block.group(1) + "\n" + table + "\n" + block.group(4));
        });
    }

    /** The committed results, oldest first, as their names begin with the date. */
    static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
