package io.asyncbatcher.sample.readings;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.sample.ReadingLoad;
import io.asyncbatcher.sample.RestartablePostgres;
import io.asyncbatcher.sample.SampleClient;
import io.asyncbatcher.sample.SampleClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A PostgreSQL that is killed while readings are written, and comes back. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.datasource.hikari.connection-timeout=2000")
@DirtiesContext
class ReadingOutageTests {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MORE_THAN_CAN_BE_SENT = 10_000_000;
    private static final String AGAIN =
            "The database is not available; the request had no effect and can be sent again.";

    @TempDir
    private static Path directory;

    private static RestartablePostgres postgres;

    @Autowired
    private JdbcClient jdbc;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void ownDatabase(DynamicPropertyRegistry properties) throws IOException {
        postgres = RestartablePostgres.start(directory);
        properties.add("spring.datasource.url", postgres::url);
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void whatWasAcknowledgedSurvivesACrashAndWritingGoesOnAfterIt() throws Exception {
        SampleClient client = new SampleClient(port);
        ReadingLoad load = ReadingLoad.start(port, "/api/readings", MORE_THAN_CAN_BE_SENT);
        await().atMost(SOON).until(() -> load.created.size() > 500);

        postgres.killPostmaster();
        await().atMost(SOON).until(() -> !load.rejections.isEmpty());
        Answer lookup = client.get("/api/readings/1").join();
        Answer update = client.put("/api/readings/1", "{\"value\": 1}").join();
        int beforeTheRestart = load.created.size();
        postgres.restart();
        await().atMost(SOON).until(() -> load.created.size() > beforeTheRestart + 500);
        assertThat(load.finish()).succeedsWithin(SOON);

        assertThat(load.rejections)
                .allSatisfy(rejection ->
                        assertThat(rejection).startsWith("503").contains("The database is not available; "));
        assertThat(lookup.status()).isEqualTo(503);
        assertThat(lookup.body()).contains(AGAIN);
        assertThat(update.status()).isEqualTo(503);
        assertThat(update.body()).contains("The database is not available; ");
        assertThat(client.get("/api/readings/1").join().status()).isEqualTo(200);
        Map<Long, Integer> rows = jdbc.sql("select id, value from reading").query().listOfRows().stream()
                .collect(toMap(row -> (Long) row.get("id"), row -> ((Double) row.get("value")).intValue()));
        assertThat(rows).containsAllEntriesOf(load.created);
        assertThat(rows.values()).doesNotHaveDuplicates().isSubsetOf(load.sent);
    }
}
