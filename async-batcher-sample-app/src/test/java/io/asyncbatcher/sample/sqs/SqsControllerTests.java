package io.asyncbatcher.sample.sqs;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.asyncbatcher.AsyncBatcher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
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
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The same over HTTP: one message a request. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("sqs")
@Import(SqsServer.class)
class SqsControllerTests {

    @Autowired
    private SqsProxy proxy;

    @Autowired
    private SqsClient sqs;

    @Autowired
    private AsyncBatcher<SqsMessage, String> sqsMessages;

    @LocalServerPort
    private int port;

    private RestTestClient client;

    @BeforeEach
    void client() {
        proxy.reset();
        client = RestTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .defaultHeader(HttpHeaders.ACCEPT_LANGUAGE, "en")
                .build();
    }

    @Test
    void manyRequestsShareFewCallsAndEachGetsItsOwnId() {
        TestQueue queue = TestQueue.create(sqs);
        HttpClient http = HttpClient.newHttpClient();

        sqsMessages.pause();
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 100)
                .mapToObj(i -> HttpRequest.newBuilder(URI.create(
                                "http://localhost:" + port + "/api/sqs/queues/" + queue.name() + "/messages"))
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"body\": \"m" + i + "\"}"))
                        .build())
                .map(request -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .toList();
        Awaitility.await().until(() -> sqsMessages.snapshot().queued() == 100);
        sqsMessages.resume();
        List<String> bodies =
                answers.stream().map(answer -> answer.join().body()).toList();

        Map<String, String> ids = queue.drain().stream().collect(Collectors.toMap(Message::body, Message::messageId));
        assertThat(bodies)
                .containsExactlyElementsOf(IntStream.range(0, 100)
                        .mapToObj(i -> "{\"id\":\"" + ids.get("m" + i) + "\"}")
                        .toList());
        assertThat(proxy.calls("SendMessageBatch")).hasSize(10);
    }

    @Test
    void aMessageOfAMebibyteIsSent() {
        TestQueue queue = TestQueue.create(sqs);

        post(queue.name(), "{\"body\": \"" + "ü".repeat(NewSqsMessage.MAX_BYTES / 2) + "\"}")
                .expectStatus()
                .isAccepted();

        assertThat(queue.bodies())
                .singleElement()
                .satisfies(body -> assertThat(body).hasSize(524_288));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "body    | {}                                          | must not be empty",
                "body    | {'body': ''}                                | must not be empty",
                "body    | {'body': 5}                                 | must be a text",
                "body    | {'body': ['b']}                             | must be a text",
                "body    | {'body': 'a\\u0000b'}                       | must not contain control characters",
                "body    | {'body': '\\ud800'}                         | must not contain control characters",
                "body    | {'body': '\\uffff'}                         | must not contain control characters",
                "message | {'body': '1 MiB+'}                          | must not be more than 1048576 bytes",
                "message | {'body': '1 MiB-', 'attributes': {'a': 'x'}}   | must not be more than 1048576 bytes",
                "attributes | {'body': 'b', 'attributes': {'a': ''}}   | must have names of",
                "attributes | {'body': 'b', 'attributes': {'a': null}} | must have names of",
                "attributes | {'body': 'b', 'attributes': {'a': '\\u0001'}} | must have names of",
                "attributes | {'body': 'b', 'attributes': {'': 'x'}}   | must have names of",
                "attributes | {'body': 'b', 'attributes': {'a]b[': 'x'}}  | must have names of",
                "attributes | {'body': 'b', 'attributes': {'a..b': 'x'}}  | must have names of",
                "attributes | {'body': 'b', 'attributes': {'AWS.a': 'x'}} | must have names of",
                "attributes | {'body': 'b', 'attributes': {'a': 5}}    | must be a text",
                "attributes | {'body': 'b', 'attributes': 'a'}         | must be an object",
                "attributes | {'body': 'b', 'attributes': {'a':'1','b':'1','c':'1','d':'1','e':'1','f':'1','g':'1','h':'1','i':'1','j':'1','k':'1'}} | must not be more than 10",
                "group   | {'body': 'b', 'group': ' '}                 | must be 1 to 128 visible",
                "deduplicationId | {'body': 'b', 'deduplicationId': ''} | must be 1 to 128 visible",
                "colour  | {'body': 'b', 'colour': 'red'}              | is not known",
            })
    void aBadFieldIsNamed(String field, String body, String message) {
        String json = body.replace('\'', '"')
                .replace("1 MiB+", "x".repeat(NewSqsMessage.MAX_BYTES + 1))
                .replace("1 MiB-", "x".repeat(NewSqsMessage.MAX_BYTES - 7));

        problem(post("orders", json), 400)
                .jsonPath("$.errors." + field)
                .value(String.class, error -> assertThat(error).startsWith(message));
        assertThat(proxy.calls("SendMessageBatch")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "orders, g, Only a message for a FIFO queue may have a group.",
        "orders.fifo, , A message for a FIFO queue must have a group."
    })
    void aGroupIsForFifoQueues(String queue, String group, String detail) {
        String json = group == null ? "{\"body\": \"b\"}" : "{\"body\": \"b\", \"group\": \"" + group + "\"}";

        problem(post(queue, json), 422).jsonPath("$.detail").isEqualTo(detail);
    }

    @Test
    void anUnknownQueueIsNotFound() {
        problem(post("nowhere", "{\"body\": \"b\"}"), 404).jsonPath("$.detail").isEqualTo("There is no queue nowhere.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b",
                "a b",
                "ü",
                "a.fifo.fifo",
                "81 81 81 81 81 81 81 81 81 81 81 81 81 81 81 81 81 81 81 81 81"
            })
    void aNameThatNoQueueHasIsNotLookedUp(String queue) {
        problem(post(queue.replace(" 81", "x123"), "{\"body\": \"b\"}"), 404);
        assertThat(proxy.calls("GetQueueUrl")).isEmpty();
    }

    @Test
    void whereTheAnswerIsLostNobodyKnowsWhetherTheMessageIsThere() {
        proxy.answerOnce(aResponse().withFault(Fault.EMPTY_RESPONSE));

        RestTestClient.ResponseSpec answer = post("orders", "{\"body\": \"b\"}");

        problem(answer, 503)
                .jsonPath("$.detail")
                .isEqualTo("SQS is not available; whether the request took effect is not known.");
        answer.expectHeader().doesNotExist("Retry-After");
    }

    @Test
    void anOutageIsAnsweredAndEndsByItself() {
        post("orders", "{\"body\": \"b\"}").expectStatus().isAccepted();

        proxy.close();
        try {
            RestTestClient.ResponseSpec answer = post("orders", "{\"body\": \"b\"}");
            problem(answer, 503)
                    .jsonPath("$.detail")
                    .isEqualTo("SQS is not available; the request had no effect and can be sent again.");
            answer.expectHeader().valueEquals("Retry-After", "1");
        } finally {
            proxy.open();
        }

        post("orders", "{\"body\": \"b\"}").expectStatus().isAccepted();
    }

    private RestTestClient.ResponseSpec post(String queue, String body) {
        return client.post()
                .uri("/api/sqs/queues/{queue}/messages", queue)
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
