package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * What holds for every model that reads digits; a subclass names one.
 *
 * @param <D> a digit
 * @param <P> what the model makes of it
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class PredictionContract<D, P> {

    private static final String UNBATCHED = "/unbatched";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final String use;
    private final String path;

    @Autowired
    private AsyncBatcher<D, P> batcher;

    @LocalServerPort
    private int port;

    private List<Sample> samples;

    /** The tests of the model that this profile brings. */
    protected PredictionContract(String use) {
        this.use = use;
        this.path = "/api/" + use + "/predictions";
    }

    /** A digit that nobody has checked. */
    protected abstract D digit(List<Double> features);

    @BeforeEach
    void samples() throws IOException {
        byte[] predictions = new ClassPathResource(use + "/predictions.json").getContentAsByteArray();
        samples = List.of(JSON.readValue(predictions, Sample[].class));
        assertThat(samples).hasSizeGreaterThanOrEqualTo(100);
    }

    @Test
    void everyPredictionIsWhatPythonItselfSays() {
        List<P> predictions = batcher.processAll(
                        samples.stream().map(sample -> digit(sample.features())).toList())
                .join();

        for (int i = 0; i < samples.size(); i++) {
            assertPredicted(samples.get(i), JSON.convertValue(predictions.get(i), Answer.class));
        }
    }

    @Test
    void sixtyFourRequestsAreOneCallAndEachGetsItsOwnAnswer() {
        HttpClient http = HttpClient.newHttpClient();
        batcher.pause();
        List<CompletableFuture<HttpResponse<String>>> answers = samples.stream()
                .limit(64)
                .map(sample -> http.sendAsync(request(sample), HttpResponse.BodyHandlers.ofString()))
                .toList();
        await().atMost(SOON).until(() -> batcher.snapshot().queued() == 64);

        batcher.resume();

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i)).succeedsWithin(SOON);
            assertPredicted(samples.get(i), JSON.readValue(answers.get(i).join().body(), Answer.class));
        }
        assertThat(batcher.snapshot().recentBatchSizes()).last().isEqualTo(64);
    }

    @Test
    void inABatchOrAloneADigitIsTheSame() {
        List<Sample> some = samples.subList(0, 64);

        List<P> batched = batcher.processAll(
                        some.stream().map(sample -> digit(sample.features())).toList())
                .join();

        for (int i = 0; i < some.size(); i++) {
            assertSame(predict(path + UNBATCHED, some.get(i)), JSON.convertValue(batched.get(i), Answer.class));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", UNBATCHED})
    void aDigitIsReadFromItsPixels(String suffix) {
        Sample sample = samples.get(0);

        assertPredicted(sample, predict(path + suffix, sample));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "features    | {}                             | must not be null",
                "features    | {'features': null}             | must not be null",
                "features    | {'features': 5}                | must be a list",
                "features    | {'features': 'seven'}          | must be a list",
                "features    | {'features': {'0': 1}}         | must be a list",
                "features    | {'features': []}               | must be 64 numbers",
                "features    | {'features': [63 times 0]}     | must be 64 numbers",
                "features    | {'features': [63 times 0,0,0]} | must be 64 numbers",
                "features    | {'features': [63 times 0,'1']} | must be a number",
                "features    | {'features': [63 times 0,[1]]} | must be a number",
                "features    | {'features': [63 times 0,true]} | must be a number",
                "features[63] | {'features': [63 times 0,null]} | must not be null",
                "features[63] | {'features': [63 times 0,-1]}   | must be greater than or equal to 0",
                "features[63] | {'features': [63 times 0,16.1]} | must be less than or equal to 16",
                "features[63] | {'features': [63 times 0,1e999]} | must be less than or equal to 16",
                "features[63] | {'features': [63 times 0,'NaN']} | must be",
                "colour      | {'features': [63 times 0,0], 'colour': 'red'} | is not known",
            })
    void aBadFieldIsNamed(String field, String body, String message) {
        String blank = String.join(",", Collections.nCopies(63, "0"));
        for (String each : List.of(path, path + UNBATCHED)) {
            RestTestClient.ResponseSpec answer =
                    post(each, body.replace('\'', '"').replace("63 times 0", blank));

            answer.expectStatus().isBadRequest();
            answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
            answer.expectBody()
                    .jsonPath("$.errors['" + field + "']")
                    .value(String.class, error -> assertThat(error).startsWith(message));
        }
    }

    @Test
    void aCallThatFailsFailsItsBatchAndNotTheNext() {
        assertThat(batcher.process(digit(Collections.nCopies(63, 0.0))))
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SystemUnavailableException.class)
                .withMessage("The model is not available");

        assertPredicted(samples.get(0), predict(path, samples.get(0)));
    }

    private Answer predict(String path, Sample sample) {
        return post(path, sample.request())
                .expectStatus()
                .isOk()
                .expectBody(Answer.class)
                .returnResult()
                .getResponseBody();
    }

    private RestTestClient.ResponseSpec post(String path, String body) {
        return RestTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .defaultHeader(HttpHeaders.ACCEPT_LANGUAGE, "en")
                .build()
                .post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }

    private HttpRequest request(Sample sample) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                .POST(HttpRequest.BodyPublishers.ofString(sample.request()))
                .build();
    }

    private static void assertPredicted(Sample sample, Answer answer) {
        assertSame(new Answer(sample.digit(), sample.probabilities()), answer);
    }

    private static void assertSame(Answer expected, Answer answer) {
        assertThat(answer.digit()).isEqualTo(expected.digit());
        assertThat(answer.probabilities()).hasSize(10);
        for (int digit = 0; digit < 10; digit++) {
            assertThat(answer.probabilities().get(digit))
                    .isCloseTo(expected.probabilities().get(digit), within(1e-5f));
        }
    }

    /** What the endpoint answers. */
    record Answer(int digit, List<Float> probabilities) {}

    /** A digit, and what Python said of it. */
    record Sample(List<Double> features, int digit, List<Float> probabilities) {

        String request() {
            return "{\"features\": " + JSON.writeValueAsString(features) + "}";
        }
    }
}
