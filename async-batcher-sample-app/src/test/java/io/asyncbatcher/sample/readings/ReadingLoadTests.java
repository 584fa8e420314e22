package io.asyncbatcher.sample.readings;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.sample.ReadingLoad;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ReadingLoadTests {

    @Autowired
    private JdbcClient jdbc;

    @LocalServerPort
    private int port;

    @BeforeEach
    void forgetEarlierReadings() {
        jdbc.sql("truncate reading").update();
        jdbc.sql("select pg_stat_statements_reset()").query().singleValue();
    }

    @Test
    void aThousandConcurrentRequestsTakeAHundredInsertsAtMost() {
        ReadingLoad load = run("/api/readings");

        assertEachRequestHasItsOwnRow(load);
        assertThat(insertStatements()).isLessThanOrEqualTo(100);
    }

    @Test
    void unbatchedTheyTakeAThousand() {
        ReadingLoad load = run("/api/readings/unbatched");

        assertEachRequestHasItsOwnRow(load);
        assertThat(insertStatements()).isEqualTo(1_000);
    }

    @Test
    void theLoadScriptPrintsWhatTheDatabaseCounted() throws Exception {
        Process script = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        Path.of("load", "Load.java").toString(),
                        "http://localhost:" + port,
                        "200")
                .redirectErrorStream(true)
                .start();
        String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(script.waitFor()).as(output).isZero();
        assertThat(output)
                .containsPattern("(?m)^batched +200 +200 +200 +\\d\\d? ")
                .containsPattern("(?m)^unbatched +200 +200 +200 +200 ");
    }

    private ReadingLoad run(String path) {
        ReadingLoad load = ReadingLoad.start(port, path, 1_000);
        assertThat(load.end()).succeedsWithin(Duration.ofMinutes(1));
        return load;
    }

    private void assertEachRequestHasItsOwnRow(ReadingLoad load) {
        assertThat(load.rejections).isEmpty();
        assertThat(load.created).hasSize(1_000);
        Map<Long, Integer> rows = jdbc.sql("select id, value from reading").query().listOfRows().stream()
                .collect(toMap(row -> (Long) row.get("id"), row -> ((Double) row.get("value")).intValue()));
        assertThat(rows).isEqualTo(load.created);
    }

    /** Asks PostgreSQL for everything it ran, so that no statement of a form nobody thought of is left out. */
    private long insertStatements() {
        return jdbc.sql("select sum(calls) from pg_stat_statements where query ilike '%insert%into%reading%'")
                .query(Long.class)
                .single();
    }
}
