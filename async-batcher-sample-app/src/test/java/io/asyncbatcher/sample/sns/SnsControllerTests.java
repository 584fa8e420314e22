package io.asyncbatcher.sample.sns;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.asyncbatcher.AsyncBatcher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The same over HTTP: one message a request. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("sns")
@Import(SnsDouble.class)
class SnsControllerTests {

    private static final String MESSAGE = "{\"message\": \"m\"}";

    @Autowired
    private SnsDouble sns;

    @Autowired
    private AsyncBatcher<SnsMessage, String> snsMessages;

    @LocalServerPort
    private int port;

    private RestTestClient client;

    @BeforeEach
    void client() {
        sns.reset();
        client = RestTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .defaultHeader(HttpHeaders.ACCEPT_LANGUAGE, "en")
                .build();
    }

    @Test
    void manyRequestsShareFewCallsAndEachGetsItsOwnId() {
        HttpClient http = HttpClient.newHttpClient();

        snsMessages.pause();
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 100)
                .mapToObj(i -> HttpRequest.newBuilder(
                                URI.create("http://localhost:" + port + "/api/sns/topics/news/messages"))
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"message\": \"m" + i + "\"}"))
                        .build())
                .map(request -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .toList();
        Awaitility.await().until(() -> snsMessages.snapshot().queued() == 100);
        snsMessages.resume();

        assertThat(answers.stream().map(answer -> answer.join().body()))
                .containsExactlyElementsOf(IntStream.range(0, 100)
                        .mapToObj("{\"id\":\"id of m%d\"}"::formatted)
                        .toList());
        assertThat(sns.calls()).hasSize(10);
    }

    @Test
    void aMessageAsLargeAsSnsTakesIsPublished() {
        String message = "ü".repeat(NewSnsMessage.MAX_BYTES / 2 - 5);

        post("news", "{\"message\": \"" + message + "\", \"subject\": \"s\", \"attributes\": {\"k\": \"ü\"}}")
                .expectStatus()
                .isAccepted();

        assertThat(sns.calls()).containsExactly(List.of(message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "message | {}                                               | must not be empty",
                "message | {'message': ''}                                  | must not be empty",
                "message | {'message': 5}                                   | must be a text",
                "message | {'message': ['m']}                               | must be a text",
                "message | {'message': 'a\\u0000b'}                         | must not contain control characters",
                "message | {'message': '\\ud800'}                           | must not contain control characters",
                "message | {'message': '256 KiB+'}                          | must not be more than 262144 bytes",
                "message | {'message': '256 KiB', 'subject': 's'}           | must not be more than 262144 bytes",
                "subject | {'message': 'm', 'subject': ''}                  | must be 1 to 99 ASCII characters",
                "subject | {'message': 'm', 'subject': 'ü'}                 | must be 1 to 99 ASCII characters",
                "subject | {'message': 'm', 'subject': 'a\\nb'}             | must be 1 to 99 ASCII characters",
                "attributes | {'message': 'm', 'attributes': {'k': ''}}     | must have names of",
                "attributes | {'message': 'm', 'attributes': {'k': null}}   | must have names of",
                "attributes | {'message': 'm', 'attributes': {'a]b[': 'x'}} | must have names of",
                "attributes | {'message': 'm', 'attributes': []}            | must be an object",
                "colour  | {'message': 'm', 'colour': 'red'}                | is not known",
            })
    void aBadFieldIsNamed(String field, String body, String message) {
        String json = body.replace('\'', '"')
                .replace("256 KiB+", "x".repeat(NewSnsMessage.MAX_BYTES + 1))
                .replace("256 KiB", "x".repeat(NewSnsMessage.MAX_BYTES));

        problem(post("news", json), 400)
                .jsonPath("$.errors." + field)
                .value(String.class, error -> assertThat(error).startsWith(message));
        assertThat(sns.calls()).isEmpty();
    }

    @Test
    void anUnknownTopicIsNotFound() {
        problem(post("nowhere", MESSAGE), 404).jsonPath("$.detail").isEqualTo("There is no topic nowhere.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a b", "ü", "orders.fifo"})
    void aNameThatNoTopicHasIsNotCalled(String topic) {
        problem(post(topic, MESSAGE), 404);
        assertThat(sns.calls()).isEmpty();
    }

    @Test
    void whereTheAnswerIsLostNobodyKnowsWhetherTheMessageIsPublished() {
        sns.answerOnce(aResponse().withFault(Fault.EMPTY_RESPONSE));

        RestTestClient.ResponseSpec answer = post("news", MESSAGE);

        problem(answer, 503)
                .jsonPath("$.detail")
                .isEqualTo("SNS is not available; whether the request took effect is not known.");
        answer.expectHeader().doesNotExist("Retry-After");
    }

    @Test
    void anOutageIsAnsweredAndEndsByItself() {
        post("news", MESSAGE).expectStatus().isAccepted();

        sns.close();
        try {
            RestTestClient.ResponseSpec answer = post("news", MESSAGE);
            problem(answer, 503)
                    .jsonPath("$.detail")
                    .isEqualTo("SNS is not available; the request had no effect and can be sent again.");
            answer.expectHeader().valueEquals("Retry-After", "1");
        } finally {
            sns.open();
        }

        post("news", MESSAGE).expectStatus().isAccepted();
    }

    private RestTestClient.ResponseSpec post(String topic, String body) {
        return client.post()
                .uri("/api/sns/topics/{topic}/messages", topic)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }

    private static RestTestClient.BodyContentSpec problem(RestTestClient.ResponseSpec answer, int status) {
        answer.expectStatus().isEqualTo(status);
        answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
        return answer.expectBody().jsonPath("$.status").isEqualTo(status);
    }
}
