package io.asyncbatcher.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.benchmarks.results.Results;
import io.asyncbatcher.benchmarks.results.Spread;
import io.asyncbatcher.benchmarks.scenarios.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and plots come from the committed raw data and from nothing else. */
class ReportTests {

    private static final Path RESOURCES = Path.of("src", "test", "resources");

    @Test
    void theCommittedTablesAreThoseOfTheCommittedResults() throws IOException {
        String page = Files.readString(Report.PAGE);

        assertThat(Report.page(page, Report.files(Report.RESULTS))).isEqualTo(page);
    }

    @Test
    void aTableIsWrittenBetweenItsMarkersAndNothingElseIsTouched() throws IOException {
        List<Path> results = Report.files(RESOURCES.resolve("results"));

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
    void anExperimentsPlotsAreDrawnOfWhatWasMeasured(@TempDir Path directory) throws IOException {
        ExperimentPlots.draw(Results.read(RESOURCES.resolve("results/2026-01-02-jdk17-experiment.json")), directory);

        assertThat(directory.resolve("experiment-stand-in.png")).isNotEmptyFile();
        assertThat(directory.resolve("experiment-readings.png")).doesNotExist();
    }
}
