package io.asyncbatcher.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and plots come from the committed raw data and from nothing else. */
class ReportTests {

    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]*)(?:#([^)]*))?\\)");

    @Test
    void theCommittedTablesAreThoseOfTheCommittedResults() throws IOException {
        List<Path> results = Report.files(Report.RESULTS, ".json");

        for (Path file : Report.pages()) {
            String page = Files.readString(file);

            assertThat(Report.page(page, results)).as(file.toString()).isEqualTo(page);
        }
    }

    @Test
    void theCommittedOverviewIsThatOfTheCommittedResults() throws IOException {
        Results newest =
                Report.ofThePlots(Report.files(Report.RESULTS, ".json")).orElseThrow();

        assertThat(OverviewPlot.svg(newest)).isEqualTo(Files.readString(Report.OVERVIEW));
    }

    @Test
    void theFirstPageHasFiveSentencesAndOnePlotAtItsBeginningAndIsShort() throws IOException {
        List<String> page = Files.readAllLines(Report.ROOT.resolve("BENCHMARK.md"));
        List<String> beforeTheText = page.subList(0, page.indexOf("## Repeat it"));

        assertThat(page).hasSizeLessThanOrEqualTo(200);
        assertThat(beforeTheText).filteredOn(line -> line.startsWith("- ")).hasSize(5);
        assertThat(beforeTheText).filteredOn(line -> line.startsWith("![")).hasSize(1);
    }

    @Test
    void everyPageIsInTheIndex() throws IOException {
        String index = Files.readString(Report.ROOT.resolve("docs/README.md"));

        assertThat(Report.pages())
                .hasSizeGreaterThan(10)
                .allSatisfy(page -> assertThat(index).contains(page.getFileName() + ")"));
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        for (Path file : Report.pages()) {
            Matcher links = LINK.matcher(Files.readString(file));
            while (links.find()) {
                Path target = links.group(1).isEmpty() ? file : file.resolveSibling(links.group(1));
                assertThat(target).as("a link of " + file).exists();
                if (links.group(2) != null) {
                    assertThat(anchors(target)).as("a link of " + file).contains(links.group(2));
                }
            }
        }
    }

    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void aTableIsWrittenBetweenItsMarkersAndNothingElseIsTouched() throws IOException {
        List<Path> results = Report.files(RESOURCES.resolve("results"), ".json");

        String page = Report.page(Files.readString(RESOURCES.resolve("page.md")), results);

        assertThat(page).isEqualTo(Files.readString(RESOURCES.resolve("page-expected.md")));
        assertThat(Report.page(page, results)).isEqualTo(page);
    }

    @Test
    void ratiosArePairedByRound() {
        Statistics statistics = new Statistics(Results.read(RESOURCES.resolve("results/2026-01-01-jdk17.json")));

        Spread ratio = statistics.ratio(Scenario.PIPELINE_2, "fixed", "hand-written", "itemsPerSecond");

        assertThat(ratio).isEqualTo(new Spread(2, 1, 3, 3));
    }

    @Test
    void rawDataSurvivesTheWayThroughItsFile(@TempDir Path directory) throws IOException {
        Results results = Results.read(RESOURCES.resolve("results/2026-01-01-jdk17.json"));
        Path copy = directory.resolve("copy.json");

        results.write(copy);

        assertThat(Results.read(copy)).isEqualTo(results);
    }

    @Test
    void plotsAreDrawnOfWhatWasMeasured(@TempDir Path directory) throws IOException {
        Plots.draw(Results.read(RESOURCES.resolve("results/2026-01-01-jdk17.json")), directory);

        assertThat(directory.resolve("pipeline.png")).isNotEmptyFile();
        assertThat(directory.resolve("service.png")).doesNotExist();
    }

    @Test
    void aLaterRunOfSomeScenariosIsPutInPlaceOfTheirs(@TempDir Path directory) throws IOException {
        Path later = directory.resolve("a-jdk17.json");
        results("2026-01-03", "only=service", "2", sample("service", 7_000)).write(later);
        Path full = directory.resolve("b-jdk17.json");
        results("2026-01-02", "full", "1", sample("pipeline-2", 5_000), sample("service", 6_000))
                .write(full);
        Path other = directory.resolve("c-jdk25.json");
        Results ofAnother = results("2026-01-04", "only=service", "3", sample("service", 8_000));
        ofAnother.machine().put("jdk", "25");
        ofAnother.write(other);

        String block = "<!-- table: %s on jdk17 -->\n<!-- end -->";
        List<Path> files = List.of(later, full, other);

        assertThat(Report.page(block.formatted("service"), files))
                .contains("| 7 |")
                .doesNotContain("| 6 |");
        assertThat(Report.page(block.formatted("pipeline"), files)).contains("fixed");
        assertThat(Report.page(block.formatted("origin"), files))
                .contains(
                        "Measured 2026-01-02 with `full`, commit 1, on JDK 17",
                        "Measured again 2026-01-03 with `only=service`, commit 2.");
        assertThat(Report.ofThePlots(files).orElseThrow().peers()).containsOnlyKeys("pipeline-2", "service");
    }

    @Test
    void aRunOfOtherPeersOrOnAnotherMachineIsNoRepetition() {
        Results full = results("1", "full", "1", sample("pipeline-2", 1), sample("service", 1));
        assertThat(full.isRepeatedBy(results("2", "only=service", "1", sample("service", 2))))
                .isTrue();
        assertThat(full.isRepeatedBy(results("2", "only=audit", "1", sample("audit", 2))))
                .isFalse();
        Results.Sample ofAnother = new Results.Sample("service", "another", 1, Map.of(), "");
        assertThat(full.isRepeatedBy(results("2", "only=service", "1", ofAnother)))
                .isFalse();
        Results elsewhere = results("2", "only=service", "1", sample("service", 2));
        elsewhere.machine().put("cpu", "another");
        assertThat(full.isRepeatedBy(elsewhere)).isFalse();
    }

    private static Results results(String started, String arguments, String commit, Results.Sample... samples) {
        Map<String, String> machine = new HashMap<>(Map.of("jdk", "17", "commit", commit, "changed", "no"));
        return new Results(started, arguments, machine, Map.of(), List.of(samples));
    }

    private static Results.Sample sample(String scenario, double itemsPerSecond) {
        return new Results.Sample(scenario, "fixed", 1, Map.of("itemsPerSecond", itemsPerSecond), "");
    }

    @Test
    void anExperimentsPlotsAreDrawnOfWhatWasMeasured(@TempDir Path directory) throws IOException {
        ExperimentPlots.draw(Results.read(RESOURCES.resolve("results/2026-01-02-jdk17-experiment.json")), directory);

        assertThat(directory.resolve("experiment-stand-in.png")).isNotEmptyFile();
        assertThat(directory.resolve("experiment-readings.png")).doesNotExist();
    }
}
