package io.asyncbatcher.benchmarks.report;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes what was measured into {@code BENCHMARK.md} and the pages of {@code docs/benchmarks}, and draws the plots. A block
 * between {@code <!-- table: NAME -->} and {@code <!-- end -->} gets that table of the newest results that have its
 * scenarios, where a run of some scenarios is put in place of those of the full run before it; {@code <!-- table: NAME on jdk17 -->} of the newest on that JDK.
 */
public final class Report {

    public static final Path RESULTS = Path.of("results");
    static final Path ROOT = Path.of("..");
    static final Path PLOTS = ROOT.resolve("docs/benchmarks");
    static final Path OVERVIEW = PLOTS.resolve("overview.svg");

    /** How the names of the experiment's tables begin, and those of its results end. */
    public static final String EXPERIMENT = "experiment";

    private static final Pattern BLOCK =
            Pattern.compile("(<!-- table: ([a-z-]+)(?: on (jdk\\d+))? -->\\n).*?(<!-- end -->)", Pattern.DOTALL);

    private Report() {}

    public static void main(String[] none) throws IOException {
        List<Path> results = files(RESULTS, ".json");
        for (Path page : pages()) {
            Files.writeString(page, page(Files.readString(page), results));
            System.out.println(page.normalize() + " is written");
        }
        Optional<Results> drawn = ofThePlots(results);
        if (drawn.isPresent()) {
            Plots.draw(drawn.get(), PLOTS);
            Files.writeString(OVERVIEW, OverviewPlot.svg(drawn.get()));
        }
        Optional<Results> experiment = newest(results, file -> Tables.has(EXPERIMENT, file));
        if (experiment.isPresent()) {
            ExperimentPlots.draw(experiment.get(), PLOTS);
        }
        System.out.println("Made from " + results);
    }

    /** Those with tables. */
    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("BENCHMARK.md")));
        pages.addAll(files(PLOTS, ".md"));
        return pages;
    }

    /** A run of a few scenarios has plots together with the full one before it. */
    static Optional<Results> ofThePlots(List<Path> results) {
        return newest(results, Report::isFull);
    }

    private static Optional<Results> newest(List<Path> files, Predicate<Results> wanted) {
        return runs(files).stream().filter(wanted).reduce((older, newer) -> newer);
    }

    /** In the order of their times. A run of some scenarios counts together with the others of the full run before it. */
    private static List<Results> runs(List<Path> files) {
        List<Results> runs = new ArrayList<>();
        files.stream()
                .map(Results::read)
                .sorted(Comparator.comparing(Results::started))
                .forEach(run -> runs.add(runs.stream()
                        .filter(full -> isFull(full) && !isFull(run) && full.isRepeatedBy(run))
                        .reduce((older, newer) -> newer)
                        .map(full -> full.with(run))
                        .orElse(run)));
        return runs;
    }

    private static boolean isFull(Results run) {
        return new Statistics(run).has(Scenario.PIPELINE_2);
    }

    /** The page with every marked table made anew. */
    static String page(String page, List<Path> results) {
        return BLOCK.matcher(page).replaceAll(block -> {
            String name = block.group(2);
            String jdk = block.group(3) == null ? "" : block.group(3);
            List<Path> onJdk = results.stream()
                    .filter(file -> file.getFileName().toString().contains(jdk))
                    .toList();
            String table = newest(onJdk, file -> Tables.has(name, file))
                    .map(newest -> Tables.table(name, newest))
                    .orElse("Not measured yet.\n");
            return Matcher.quoteReplacement(block.group(1) + table + block.group(4));
        });
    }

    /** The files of a directory in the order of their names; those of results begin with the date. */
    static List<Path> files(Path directory, String ending) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
