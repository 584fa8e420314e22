package io.asyncbatcher.sample;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Windows has no SIGTERM. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ShutdownTests {

    private static final int MORE_THAN_CAN_BE_SENT = 1_000_000;
    private static final int SIGTERM_EXIT_CODE = 128 + 15;
    private static final Duration NO_REQUEST_HANGS = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    @Test
    void atSigtermEveryAnsweredReadingHasItsRowAndEveryRowItsRequest() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                SampleProcess sample = SampleProcess.start(
                        temporary, "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"))) {

            ReadingLoad load = terminateUnderLoad(sample);

            assertDrainedBeforeTheDataSourceClosed(sample);
            Map<Long, Integer> rows = rows(postgres);
            assertThat(rows).containsAllEntriesOf(load.created);
            assertThat(load.sent).containsAll(rows.values());
            assertThat(rows.values()).doesNotHaveDuplicates();
        }
    }

    @Test
    void atSigtermOpenLivePagesAreLeftAndItsOwnPostgresOutlivesTheDrainAndNotTheApplication() throws Exception {
        try (SampleProcess sample = SampleProcess.start(temporary)) {
            URI events = URI.create("http://localhost:" + sample.port() + "/api/live/events");
            HttpResponse<InputStream> page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(events).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(page.body().read()).isPositive();
            assertThat(postgresData()).hasSize(1);

            terminateUnderLoad(sample);

            // Not waited for until the shutdown's time is over: that would be logged as aborted.
            assertThat(page.body().readAllBytes()).endsWith('\n');
            assertThat(sample.log())
                    .anyMatch(line -> line.contains("Graceful shutdown complete"))
                    .noneMatch(line -> line.contains("aborted"));
            assertDrainedBeforeTheDataSourceClosed(sample);
            assertThat(postgresData()).isEmpty();
            int postgres = Integer.parseInt(
                    sample.logged("PostgreSQL listens on port (\\d+)").orElseThrow());
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new Socket("localhost", postgres).close());
        }
    }

    @Test
    void atSigtermDuringTheStartNoPostgresIsLeftBehind() throws Exception {
        try (SampleProcess sample = SampleProcess.start(temporary)) {
            await().atMost(SampleProcess.START).until(() -> !postgresData().isEmpty());

            sample.terminate();

            assertThat(sample.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
            assertThat(postgresData()).isEmpty();
        }
    }

    private static ReadingLoad terminateUnderLoad(SampleProcess sample) throws InterruptedException {
        ReadingLoad load = ReadingLoad.start(sample.port(), "/api/readings", MORE_THAN_CAN_BE_SENT);
        await().atMost(SampleProcess.START).until(() -> load.created.size() > 1_000);

        sample.terminate();

        assertThat(load.end()).succeedsWithin(NO_REQUEST_HANGS);
        assertThat(sample.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
        // Not every request that comes too late finds a closed door: Tomcat answers some 503, or 400 where it stopped
        // before the body was read. None of them may have met a closed database.
        assertThat(load.rejections).noneMatch(rejection -> rejection.startsWith("500"));
        return load;
    }

    private static void assertDrainedBeforeTheDataSourceClosed(SampleProcess sample) {
        List<String> log = sample.log();
        assertThat(log).noneMatch(line -> line.matches(".*(WARN|ERROR|Exception).*"));
        assertThat(log.subList(log.size() - 4, log.size()))
                .satisfiesExactly(
                        line -> assertThat(line).contains("Draining"),
                        line -> assertThat(line).contains("Drained"),
                        line -> assertThat(line).contains("HikariPool-1 - Shutdown initiated"),
                        line -> assertThat(line).contains("HikariPool-1 - Shutdown completed"));
    }

    private static Map<Long, Integer> rows(EmbeddedPostgres postgres) {
        return JdbcClient.create(postgres.getPostgresDatabase())
                .sql("select id, value from reading")
                .query()
                .listOfRows()
                .stream()
                .collect(toMap(row -> (Long) row.get("id"), row -> ((Double) row.get("value")).intValue()));
    }

    private List<Path> postgresData() throws IOException {
        Path directory = temporary.resolve("embedded-pg");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("PG-"))
                    .toList();
        }
    }
}
