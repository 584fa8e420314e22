package io.asyncbatcher.sample.readings;

import static io.asyncbatcher.sample.SampleClient.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.SampleClient;
import io.asyncbatcher.sample.SampleClient.Answer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Look-ups and updates of readings, by PostgreSQL's own count of statements. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ReadingBatchesTests {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @Autowired
    private ReadingRepository repository;

    @Autowired
    private AsyncBatcher<Long, Reading> lookups;

    @Autowired
    private AsyncBatcher<ReadingUpdate, Reading> updates;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private JsonMapper json;

    @LocalServerPort
    private int port;

    private SampleClient client;
    private List<Long> ids;

    @BeforeEach
    void readings() {
        client = new SampleClient(port);
        ids = repository.insertAll(IntStream.range(0, 100)
                .mapToObj(i -> new NewReading("s" + i, TIME, (double) i))
                .toList());
        jdbc.sql("select pg_stat_statements_reset()").query().singleValue();
    }

    @Test
    void twoHundredWhoAskForAHundredReadingsShareOneStatement() {
        List<Answer> answers = together(lookups, 200, i -> client.get("/api/readings/" + ids.get(i % 100)));

        for (int i = 0; i < 200; i++) {
            assertThat(reading(answers.get(i))).isEqualTo(new Reading(ids.get(i % 100), "s" + i % 100, TIME, i % 100));
        }
        assertThat(statements("select id, sensor")).isEqualTo(1);
        assertThat(rows("select id, sensor")).isEqualTo(100);
    }

    @Test
    void aReadingThatIsNotThereIsMissedByItsOwnCallerAlone() {
        List<Answer> answers = together(
                lookups,
                3,
                i -> client.get(
                        "/api/readings/" + List.of(ids.get(0), -1L, ids.get(1)).get(i)));

        assertThat(answers).extracting(Answer::status).containsExactly(200, 404, 200);
        assertThat(answers.get(1).body()).contains("There is no reading -1.");
    }

    @Test
    void updatesOfAHundredReadingsShareOneStatement() {
        List<Answer> answers = together(updates, 100, i -> put(ids.get(i), 1_000 + i));

        for (int i = 0; i < 100; i++) {
            assertThat(reading(answers.get(i))).isEqualTo(new Reading(ids.get(i), "s" + i, TIME, 1_000 + i));
        }
        assertThat(statements("update reading")).isEqualTo(1);
        assertThat(values())
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> 1_000.0 + i).toList());
    }

    @Test
    void ofSeveralUpdatesOfOneReadingTheLastStaysAndEachIsToldItsOwn() {
        updates.pause();
        List<CompletableFuture<Reading>> told = IntStream.range(0, 50)
                .mapToObj(i -> updates.process(new ReadingUpdate(ids.get(i % 2), i)))
                .toList();
        updates.resume();

        for (int i = 0; i < 50; i++) {
            assertThat(told.get(i).join()).isEqualTo(new Reading(ids.get(i % 2), "s" + i % 2, TIME, i));
        }
        assertThat(values().subList(0, 2)).containsExactly(48.0, 49.0);
        assertThat(statements("update reading")).isEqualTo(1);
    }

    @Test
    void anUpdateOfAReadingThatIsNotThereFailsAlone() {
        List<Answer> answers = together(
                updates, 3, i -> put(List.of(ids.get(0), -1L, ids.get(1)).get(i), 7));

        assertThat(answers).extracting(Answer::status).containsExactly(200, 404, 200);
        assertThat(answers.get(1).type()).isEqualTo("application/problem+json");
        assertThat(answers.get(1).body()).contains("There is no reading -1.");
        assertThat(values().subList(0, 3)).containsExactly(7.0, 7.0, 2.0);
    }

    @Test
    void whoeverIsAnsweredFindsWhatHeWrote() {
        List<Answer> found = SampleClient.all(
                500,
                i -> put(ids.get(i % 100), i % 100 + 0.5)
                        .thenCompose(written ->
                                client.get("/api/readings/" + reading(written).id())));

        for (int i = 0; i < 500; i++) {
            assertThat(reading(found.get(i)).value()).isEqualTo(i % 100 + 0.5);
        }
        assertThat(statements("update reading")).isLessThanOrEqualTo(100);
    }

    private CompletableFuture<Answer> put(long id, double value) {
        return client.put("/api/readings/" + id, "{\"value\": " + value + "}");
    }

    private Reading reading(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return json.readValue(answer.body(), Reading.class);
    }

    private List<Double> values() {
        return jdbc.sql("select value from reading where id = any(?) order by id")
                .param(ids.toArray(Long[]::new))
                .query(Double.class)
                .list();
    }

    private long statements(String begin) {
        return counted("calls", begin);
    }

    private long rows(String begin) {
        return counted("rows", begin);
    }

    private long counted(String what, String begin) {
        return jdbc.sql("select coalesce(sum(" + what + "), 0) from pg_stat_statements where query like ?")
                .param(begin + "%")
                .query(Long.class)
                .single();
    }
}
