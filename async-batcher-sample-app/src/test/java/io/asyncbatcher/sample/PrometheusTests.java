package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alerts of the documentation, on a real Prometheus that scrapes the sample under load. */
class PrometheusTests {

    private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");
    private static final Path ALERTS = Path.of("../docs/prometheus-alerts.yml");
    private static final int MORE_THAN_CAN_BE_SENT = 10_000_000;
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Pattern METRIC = Pattern.compile("\\bbatcher_\\w+");

    @TempDir
    private Path directory;

    @BeforeEach
    void itIsInstalled() {
        assumeThat(Stream.of("prometheus", "promtool").filter(program -> !Prometheus.isInstalled(program)))
                .as("Without Prometheus the dashboard and the alerts are not tested. On Debian: apt-get install"
                        + " prometheus")
                .isEmpty();
    }

    @Test
    void everyQueryOfTheDashboardAndEveryAlertFindsTheSamplesSeries() throws Exception {
        try (SampleProcess sample = SampleProcess.start(Files.createDirectory(directory.resolve("sample")));
                Prometheus prometheus = Prometheus.start(directory, ALERTS, sample.port())) {
            ReadingLoad.start(sample.port(), "/api/readings", MORE_THAN_CAN_BE_SENT);

            for (String query : dashboardQueries()) {
                await(query).atMost(SOON).until(() -> hasNumbers(prometheus.query(query)));
            }

            Set<String> scraped = metrics(scrape(sample.port()));
            assertThat(scraped).containsAll(metrics(Files.readString(DASHBOARD)));
            assertThat(scraped).containsAll(metrics(Files.readString(ALERTS)));

            await().atMost(SOON)
                    .until(() -> prometheus.rules().stream()
                            .noneMatch(rule -> rule.get("health").asString().equals("unknown")));
            assertThat(prometheus.rules()).hasSizeGreaterThan(4).allSatisfy(rule -> {
                assertThat(rule.get("health").asString()).as(rule.toString()).isEqualTo("ok");
                assertThat(prometheus.query(withoutThreshold(rule.get("query").asString())))
                        .as(rule.toString())
                        .isNotEmpty();
            });
        }
    }

    @Test
    void theAlertsFireWhenTheyShould() throws Exception {
        Files.copy(ALERTS, directory.resolve("prometheus-alerts.yml"));
        Path tests =
                Files.copy(Path.of("src/test/resources/prometheus-alerts-tests.yml"), directory.resolve("tests.yml"));
        assertThat(promtool("check", "rules", ALERTS.toString())).contains("SUCCESS: 7 rules found");
        assertThat(promtool("test", "rules", tests.toString())).contains("SUCCESS");
    }

    private static String promtool(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output;
        try (var reader = process.inputReader()) {
            output = reader.lines().collect(Collectors.joining("\n"));
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    /** What Grafana would ask: every panel's queries and what its variables are filled from, with all values chosen. */
    private static List<String> dashboardQueries() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(DASHBOARD));
        Stream<String> panels = dashboard.findValues("targets").stream()
                .flatMap(targets -> StreamSupport.stream(targets.spliterator(), false))
                .map(target -> target.get("expr").asString());
        Stream<String> variables = dashboard.findValues("definition").stream()
                .map(JsonNode::asString)
                .map(definition -> definition.replaceAll("label_values\\((\\w+), (\\w+)\\)", "count by ($2) ($1)"));
        List<String> queries = Stream.concat(panels, variables)
                .map(query -> query.replace("$__rate_interval", "10s")
                        .replace("$batcher", ".*")
                        .replace("$instance", ".*"))
                .toList();
        assertThat(queries).hasSizeGreaterThan(20).noneMatch(query -> query.contains("$"));
        return queries;
    }

    private static boolean hasNumbers(List<Double> values) {
        return !values.isEmpty() && values.stream().anyMatch(value -> !value.isNaN());
    }

    /** The series that an alert compares, whether it fires or not. */
    private static String withoutThreshold(String query) {
        return query.replaceAll(" (>|==) [\\d.]+", "");
    }

    private static String scrape(int port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/prometheus"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The metrics of batchers that a text names. */
    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
