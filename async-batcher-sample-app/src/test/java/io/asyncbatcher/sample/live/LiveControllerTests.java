package io.asyncbatcher.sample.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class LiveControllerTests {

    private static final String LOAD = """
            {"workload": "inserts", "lanes": ["batched", "unbatched"], "arrivals": "callers", "callers": 20, "rate": 100, \
            "seconds": 60}""";

    @Autowired
    private LiveRuns runs;

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

    @Test
    void whatRunsIsTold() {
        client.get()
                .uri("/api/live/workloads")
                .exchange()
                .expectBody()
                .jsonPath("$[?(@.name == 'inserts')].batcher")
                .isEqualTo("readings");
    }

    @Test
    void aRunIsStartedSeenAndStopped() throws IOException, InterruptedException {
        try (BufferedReader events = events()) {
            long id = start();
            client.post()
                    .uri("/api/live/runs")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(LOAD)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(409)
                    .expectBody()
                    .jsonPath("$.detail")
                    .isEqualTo("Run " + id + " is running. Stop it first, or wait for its end.");

            await().until(() -> {
                JsonNode frame = nextFrame(events);
                return frame.at("/run/id").asLong() == id
                        && frame.at("/lanes/batched/lastSecond/count").asLong() > 0
                        && frame.at("/lanes/unbatched/lastSecond/count").asLong() > 0
                        && frame.at("/batchers/readings/lastSecond/count").asLong() > 0;
            });

            stop(id, 204);
            await().until(() -> nextFrame(events).at("/run/end").asString().equals("it was stopped"));
            stop(id, 404);
        }
    }

    @Test
    void aPageThatIsClosedIsForgottenAndNothingIsLogged(CapturedOutput output)
            throws IOException, InterruptedException {
        int before = runs.watching();
        for (int i = 0; i < 5; i++) {
            try (BufferedReader events = events()) {
                nextFrame(events);
                assertThat(runs.watching()).isPositive();
            }
        }

        await().untilAsserted(() -> assertThat(runs.watching()).isLessThanOrEqualTo(before));
        assertThat(output.toString().lines())
                .filteredOn(line -> !line.contains("FailureLog")) // of batchers of other tests
                .noneMatch(line -> line.contains("ERROR") || line.contains("WARN") || line.contains("Exception"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "workload | 'inserts'   | 'sorts'      | must be one of those that run: ",
                "workload | 'inserts'   | null         | must not be null",
                "lanes    | ['batched', 'unbatched'] | []   | must not be empty",
                "lanes    | ['batched', 'unbatched'] | 'batched' | must be a list",
                "lanes    | 'unbatched' | 'both'       | must be one of batched, unbatched",
                "arrivals | 'callers'   | 'never'      | must be one of callers, steady, poisson, bursts",
                "arrivals | 'callers'   | 1            | must be one of callers, steady, poisson, bursts",
                "callers  | 20          | 0            | must be greater than or equal to 1",
                "callers  | 20          | 1001         | must be less than or equal to 1000",
                "rate     | 100         | 20001        | must be less than or equal to 20000",
                "rate     | 100         | 1.5          | must be a whole number",
                "seconds  | 60          | 601          | must be less than or equal to 600",
                "seconds  | 60          | '60'         | must be a whole number",
                "speed    | 60}         | 60, 'speed': 1} | is not known",
            })
    void aBadFieldIsNamed(String field, String good, String bad, String message) {
        String body = LOAD.replace(good.replace('\'', '"'), bad.replace('\'', '"'));
        assertThat(body).isNotEqualTo(LOAD);

        client.post()
                .uri("/api/live/runs")
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors." + field)
                .value(String.class, error -> assertThat(error).startsWith(message));
    }

    @Test
    void aBatcherIsRetunedByNumbersAndByTexts() {
        retune("{\"maxBatchSize\": 7, \"maxQueueTime\": \"3ms\"}")
                .jsonPath("$.options.maxBatchSize")
                .isEqualTo(7)
                .jsonPath("$.options.maxQueueTime")
                .isEqualTo("PT0.003S");
        retune("{\"maxBatchSize\": \"50\", \"maxQueueTime\": \"PT0.05S\"}")
                .jsonPath("$.options.maxBatchSize")
                .isEqualTo(50);
    }

    private RestTestClient.BodyContentSpec retune(String options) {
        return client.post()
                .uri("/actuator/batchers/readings")
                .contentType(MediaType.APPLICATION_JSON)
                .body(options)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
    }

    private long start() {
        return client.post()
                .uri("/api/live/runs")
                .contentType(MediaType.APPLICATION_JSON)
                .body(LOAD)
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody()
                .get("id")
                .asLong();
    }

    private void stop(long id, int status) {
        client.delete().uri("/api/live/runs/{id}", id).exchange().expectStatus().isEqualTo(status);
    }

    private BufferedReader events() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/live/events"))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode nextFrame(BufferedReader events) throws IOException {
        String line = events.readLine();
        while (!line.startsWith("data:")) {
            line = events.readLine();
        }
        return new JsonMapper().readTree(line.substring("data:".length()));
    }
}
