package io.asyncbatcher.sample.readings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "management.prometheus.metrics.export.enabled=true")
class ReadingControllerTests {

    private static final String TIME = "\"2026-01-01T00:00:00Z\"";

    @Autowired
    private ReadingRepository repository;

    @Autowired
    private ReadingLookup lookup;

    @Autowired
    private JdbcClient jdbc;

    @LocalServerPort
    private int port;

    private RestTestClient client;

    @BeforeEach
    void client() {
        client = RestTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .defaultHeader(HttpHeaders.ACCEPT_LANGUAGE, "en")
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/readings", "/api/readings/unbatched"})
    void aReadingIsStoredAndFoundByItsId(String path) {
        long before = repository.count();

        long id = id(post(path, "s1", "\"2026-01-01T01:00:00.1234567+01:00\"", "21.5"));

        client.get()
                .uri("/api/readings/{id}", id)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                        {"id": %d, "sensor": "s1", "time": "2026-01-01T00:00:00.123456Z", "value": 21.5}
                        """.formatted(id));
        client.get().uri("/api/readings/count").exchange().expectBody().json("{\"count\": " + (before + 1) + "}");
    }

    @Test
    void theAnswerNamesTheNewReading() {
        RestTestClient.ResponseSpec answer = post("/api/readings", "s1", TIME, "21.5");

        long id = id(answer);
        answer.expectHeader().location("/api/readings/" + id);
        answer.expectHeader().contentType(MediaType.APPLICATION_JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0001-01-01T00:00:00Z       | -1e300 | s",
                "9999-12-31T23:59:59.9999999Z | 1e300  | 😀 'quoted' \\\"{},\\\\N",
                "1969-12-31T23:59:59.999999Z  | 4.9e-324 | null",
            })
    void theExtremesAreStoredAsTheyAre(String time, String value, String sensor) {
        long id = id(post("/api/readings", sensor, '"' + time + '"', value));

        Reading reading = lookup.findAll(List.of(id)).get(id);
        assertThat(reading.time()).isEqualTo(time.replace("9999999Z", "999999Z"));
        assertThat(reading.value()).isEqualTo(Double.parseDouble(value));
        assertThat(reading.sensor()).isEqualTo(sensor.replace("\\\"", "\"").replace("\\\\", "\\"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sensor | {'time': T, 'value': 1}                                 | must not be blank",
                "sensor | {'sensor': ' ', 'time': T, 'value': 1}                  | must not be blank",
                "sensor | {'sensor': 'a\\u0000b', 'time': T, 'value': 1}          | must not contain control characters",
                "sensor | {'sensor': '\\ud800', 'time': T, 'value': 1}            | must not contain control characters",
                "sensor | {'sensor': '64+', 'time': T, 'value': 1}                | must not be longer than 64 characters",
                "sensor | {'sensor': 5, 'time': T, 'value': 1}                    | must be a text",
                "sensor | {'sensor': ['s'], 'time': T, 'value': 1}                | must be a text",
                "time   | {'sensor': 's', 'value': 1}                             | must not be null",
                "time   | {'sensor': 's', 'time': 5, 'value': 1}                  | must be a time like",
                "time   | {'sensor': 's', 'time': '5', 'value': 1}                | must be a time like",
                "time   | {'sensor': 's', 'time': '2026-02-30T00:00:00Z', 'value': 1}  | must be a time like",
                "time   | {'sensor': 's', 'time': '0000-12-31T23:59:59Z', 'value': 1}  | must be a time like",
                "time   | {'sensor': 's', 'time': '+10000-01-01T00:00:00Z', 'value': 1} | must be a time like",
                "value  | {'sensor': 's', 'time': T}                              | must not be null",
                "value  | {'sensor': 's', 'time': T, 'value': '1'}                | must be a number",
                "value  | {'sensor': 's', 'time': T, 'value': true}               | must be a number",
                "value  | {'sensor': 's', 'time': T, 'value': 'NaN'}              | must be greater than or equal to -1e300",
                "value  | {'sensor': 's', 'time': T, 'value': -1e999}             | must be greater than or equal to -1e300",
                "value  | {'sensor': 's', 'time': T, 'value': 1e999}              | must be less than or equal to 1e300",
                "colour | {'sensor': 's', 'time': T, 'value': 1, 'colour': 'red'} | is not known",
            })
    void aBadFieldIsNamed(String field, String body, String message) {
        String json = body.replace('\'', '"')
                .replace("T,", TIME + ",")
                .replace("T}", TIME + "}")
                .replace("64+", "x".repeat(65));
        long before = repository.count();

        for (String path : List.of("/api/readings", "/api/readings/unbatched")) {
            problem(post(path, json), 400)
                    .jsonPath("$.detail")
                    .isEqualTo("The request is not valid.")
                    .jsonPath("$.errors." + field)
                    .value(String.class, error -> assertThat(error).startsWith(message));
        }
        assertThat(repository.count()).isEqualTo(before);
    }

    @Test
    void everyBadFieldIsNamedAtOnce() {
        problem(post("/api/readings", "{\"sensor\": \"\", \"time\": null}"), 400)
                .json("""
                        {"errors": {"sensor": "must not be blank", "time": "must not be null", "value": "must not be null"}}
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``               | The body must be a JSON object.",
                "null             | The body must be a JSON object.",
                "[]               | The body must be a JSON object.",
                "{                | The body is not valid JSON (line 1, column 2).",
                "{} x             | The body is not valid JSON (line 1, column 4).",
                "{\"value\": NaN} | The body is not valid JSON (line 1, column 14).",
                "{\"value\": 1, \"value\": 2} | The body is not valid JSON (line 1, column 21).",
            })
    void aBodyThatIsNoReadingIsRejected(String body, String detail) {
        problem(post("/api/readings", body), 400).jsonPath("$.detail").isEqualTo(detail);
    }

    @Test
    void aBodyThatIsTooLargeIsRejected() {
        problem(post("/api/readings", "{\"sensor\": \"" + "x".repeat(1_000_000) + "\"}"), 400)
                .jsonPath("$.detail")
                .isEqualTo("The body is too large or too deep.");
    }

    @Test
    void anUnknownIdIsNotFound() {
        problem(client.get().uri("/api/readings/0").exchange(), 404)
                .jsonPath("$.detail")
                .isEqualTo("There is no reading 0.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1.5", "99999999999999999999"})
    void anIdThatIsNoNumberIsRejected(String id) {
        problem(client.get().uri("/api/readings/{id}", id).exchange(), 400)
                .jsonPath("$.errors.id")
                .isEqualTo("must be a whole number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "value  | {}                         | must not be null",
                "value  | {'value': 'high'}          | must be a number",
                "value  | {'value': 1e301}           | must be less than or equal to 1e300",
                "sensor | {'value': 1, 'sensor': ''} | is not known",
            })
    void aBadFieldOfAnUpdateIsNamed(String field, String body, String message) {
        problem(
                        client.put()
                                .uri("/api/readings/1")
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(body.replace('\'', '"'))
                                .exchange(),
                        400)
                .jsonPath("$.errors." + field)
                .isEqualTo(message);
    }

    @Test
    void theRestOfWrongRequestsGetsProblemsToo() {
        problem(client.get().uri("/nowhere").exchange(), 404);
        problem(client.delete().uri("/api/readings/1").exchange(), 405);
        problem(
                client.post()
                        .uri("/api/readings")
                        .contentType(MediaType.TEXT_PLAIN)
                        .body("s1")
                        .exchange(),
                415);
    }

    @Test
    void eachRowOfABatchGetsItsOwnId() {
        List<NewReading> readings = IntStream.range(0, 10_000)
                .mapToObj(i -> new NewReading("batch", Instant.EPOCH.plusSeconds(i % 7), (double) (i * 7919 % 10_000)))
                .toList();

        List<Long> ids = repository.insertAll(readings);

        Map<Long, Reading> stored = lookup.findAll(ids);
        assertThat(stored).hasSize(10_000);
        assertThat(ids.stream().map(id -> stored.get(id).value()))
                .containsExactlyElementsOf(
                        readings.stream().map(NewReading::value).toList());
    }

    @Test
    void theFirstPageLeadsOn() {
        client.get()
                .uri("/")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .value(page -> assertThat(page).contains("/api/readings/count", "/actuator/batchers"));
    }

    @Test
    void whereTheDatabaseDoesNotCountStatementsTheAnswerSaysSo() {
        jdbc.sql("drop extension pg_stat_statements").update();
        try {
            problem(client.get().uri("/api/readings/statements").exchange(), 404)
                    .jsonPath("$.detail")
                    .isEqualTo("This database does not count statements (pg_stat_statements).");
        } finally {
            jdbc.sql("create extension pg_stat_statements").update();
        }
    }

    @Test
    void batchesCanBeWatched() {
        post("/api/readings", "s1", TIME, "21.5");

        client.get()
                .uri("/actuator/batchers/readings")
                .exchange()
                .expectBody()
                .json("{\"name\": \"readings\", \"running\": true}");
        client.get()
                .uri("/actuator/metrics/batcher.batch.size")
                .exchange()
                .expectBody(String.class)
                .value(meter -> assertThat(meter).contains("\"readings\""));
        client.get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectBody(String.class)
                .value(meters -> assertThat(meters).contains("batcher_batch_size_count{batcher=\"readings\"}"));
    }

    private RestTestClient.ResponseSpec post(String path, String sensor, String time, String value) {
        RestTestClient.ResponseSpec answer =
                post(path, "{\"sensor\": \"%s\", \"time\": %s, \"value\": %s}".formatted(sensor, time, value));
        answer.expectStatus().isCreated();
        return answer;
    }

    private RestTestClient.ResponseSpec post(String path, String body) {
        return client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }

    private static long id(RestTestClient.ResponseSpec answer) {
        return answer.expectBody(ReadingController.Id.class)
                .returnResult()
                .getResponseBody()
                .id();
    }

    private static RestTestClient.BodyContentSpec problem(RestTestClient.ResponseSpec answer, int status) {
        answer.expectStatus().isEqualTo(status);
        answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
        return answer.expectBody().jsonPath("$.status").isEqualTo(status);
    }
}
