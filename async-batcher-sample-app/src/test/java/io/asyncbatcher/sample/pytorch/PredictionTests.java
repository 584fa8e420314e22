package io.asyncbatcher.sample.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.SystemUnavailableException;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.json.JsonMapper;

@Tag("systems")
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "The profile systems has natives for Linux on x86_64 only")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("pytorch")
class PredictionTests {

    private static final String PATH = "/api/pytorch/predictions";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(30);

    @Autowired
    private DigitModel model;

    @Autowired
    private AsyncBatcher<Digit, Prediction> pytorch;

    @LocalServerPort
    private int port;

    private List<Sample> samples;

    @BeforeEach
    void samples(@Value("classpath:pytorch/predictions.json") Resource predictions) throws IOException {
        samples = List.of(JSON.readValue(predictions.getContentAsByteArray(), Sample[].class));
        assertThat(samples).hasSize(100);
    }

    @Test
    void everyPredictionIsWhatPythonItselfSays() {
        List<Prediction> predictions = pytorch.processAll(
                        samples.stream().map(Sample::request).toList())
                .join();

        for (int i = 0; i < samples.size(); i++) {
            assertPredicted(samples.get(i), predictions.get(i));
        }
    }

    @Test
    void sixtyFourRequestsAreOneCallAndEachGetsItsOwnAnswer() {
        HttpClient http = HttpClient.newHttpClient();
        pytorch.pause();
        List<CompletableFuture<HttpResponse<String>>> answers = samples.stream()
                .limit(64)
                .map(sample -> http.sendAsync(request(sample), HttpResponse.BodyHandlers.ofString()))
                .toList();
        await().atMost(SOON).until(() -> pytorch.snapshot().queued() == 64);

        pytorch.resume();

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i)).succeedsWithin(SOON);
            assertPredicted(samples.get(i), JSON.readValue(answers.get(i).join().body(), Prediction.class));
        }
        assertThat(pytorch.snapshot().recentBatchSizes()).last().isEqualTo(64);
    }

    @Test
    void inABatchOrAloneADigitIsTheSame() {
        List<Digit> digits = samples.stream().limit(64).map(Sample::request).toList();

        List<Prediction> batched = model.predictAll(digits);

        for (int i = 0; i < digits.size(); i++) {
            assertSame(model.predict(digits.get(i)), batched.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PATH, PATH + "/unbatched"})
    void aDigitIsReadFromItsPixels(String path) {
        Sample sample = samples.get(0);

        Prediction prediction = post(path, JSON.writeValueAsString(sample.request()))
                .expectStatus()
                .isOk()
                .expectBody(Prediction.class)
                .returnResult()
                .getResponseBody();

        assertPredicted(sample, prediction);
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
        for (String path : List.of(PATH, PATH + "/unbatched")) {
            RestTestClient.ResponseSpec answer =
                    post(path, body.replace('\'', '"').replace("63 times 0", blank));

            answer.expectStatus().isBadRequest();
            answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
            answer.expectBody()
                    .jsonPath("$.errors['" + field + "']")
                    .value(String.class, error -> assertThat(error).startsWith(message));
        }
    }

    @Test
    void aCallThatFailsFailsItsBatchAndNotTheNext() {
        Digit tooSmall = new Digit(Collections.nCopies(63, 0.0));

        assertThat(pytorch.process(tooSmall))
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SystemUnavailableException.class)
                .withMessage("The model is not available");

        assertPredicted(
                samples.get(0), pytorch.process(samples.get(0).request()).join());
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
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + PATH))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(sample.request())))
                .build();
    }

    private static void assertPredicted(Sample sample, Prediction prediction) {
        assertSame(new Prediction(sample.digit(), sample.probabilities()), prediction);
    }

    private static void assertSame(Prediction expected, Prediction prediction) {
        assertThat(prediction.digit()).isEqualTo(expected.digit());
        assertThat(prediction.probabilities()).hasSize(10);
        for (int digit = 0; digit < 10; digit++) {
            assertThat(prediction.probabilities().get(digit))
                    .isCloseTo(expected.probabilities().get(digit), within(1e-5f));
        }
    }

    /** A digit, and what Python said of it. */
    record Sample(List<Double> features, int digit, List<Float> probabilities) {

        Digit request() {
            return new Digit(features);
        }
    }
}
