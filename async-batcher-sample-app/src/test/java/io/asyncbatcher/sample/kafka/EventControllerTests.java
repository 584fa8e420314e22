package io.asyncbatcher.sample.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.JsonEndpoint;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "batcher.instances.events.max-batch-size=50",
            "spring.kafka.producer.properties.delivery.timeout.ms=2000",
            "spring.kafka.producer.properties.request.timeout.ms=1000"
        })
@ActiveProfiles("kafka")
@Import(KafkaServer.class)
@ExtendWith(OutputCaptureExtension.class)
class EventControllerTests {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final JsonMapper json = new JsonMapper();

    @Autowired
    private AsyncBatcher<NewEvent, EventPosition> batcher;

    @Autowired
    private KafkaBroker kafka;

    @LocalServerPort
    private int port;

    private JsonEndpoint events;

    @BeforeEach
    void posts() {
        events = new JsonEndpoint(port, "/api/kafka/events");
    }

    @Test
    void anEventIsStoredWhereTheAnswerSays() {
        String event = event("e-1", "😀 user", now(), "two\\nlines \\u0000 \\\"quoted\\\"");

        HttpResponse<String> answer = events.send(event);

        assertThat(answer.statusCode()).isEqualTo(201);
        ConsumerRecord<String, String> stored = kafka.records().get(position(answer));
        assertThat(stored.key()).isEqualTo("😀 user");
        assertThat(json.readTree(stored.value())).isEqualTo(json.readTree(event));
        assertThat(stored.timestamp())
                .isEqualTo(json.readTree(event).get("time").asLong());
        assertThat(stored.headers()).isEmpty();
    }

    @Test
    void manyRequestsShareFewProduceRequestsAndEachGetsItsOwnPlace() throws Exception {
        long before = kafka.produceRequests();

        List<HttpResponse<String>> answers = events.sendTogether(
                batcher,
                IntStream.range(0, 120)
                        .mapToObj(i -> event("many-" + i, "user " + i % 10, now(), "text"))
                        .toList());

        // Three batches of 50 at most; unbatched it would be 120.
        assertThat(kafka.produceRequests() - before).isBetween(3L, 6L);
        assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
        Map<EventPosition, ConsumerRecord<String, String>> records = kafka.records();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(id(records.get(position(answers.get(i))))).isEqualTo("many-" + i);
        }
    }

    @Test
    void eventsOfOneUserKeepTheirOrderThoughOneOfThemIsRejected() {
        batcher.pause();
        List<CompletableFuture<EventPosition>> positions = IntStream.range(0, 120)
                .mapToObj(i -> new NewEvent("order-" + i, "user", i == 20 ? Long.MAX_VALUE : now(), "text"))
                .map(batcher::process)
                .toList();
        batcher.resume();

        assertThat(positions.get(20))
                .failsWithin(LONG)
                .withThrowableThat()
                .withCauseInstanceOf(ItemRejectedException.class);
        List<EventPosition> stored = IntStream.range(0, 120)
                .filter(i -> i != 20)
                .mapToObj(i -> positions.get(i).join())
                .toList();
        assertThat(stored).isSortedAccordingTo(Comparator.comparing(EventPosition::offset));
        assertThat(stored)
                .extracting(EventPosition::partition)
                .containsOnly(stored.get(0).partition());
    }

    @Test
    void whatTheTopicRejectsFailsAloneAndItsNeighboursAreStoredOnce(CapturedOutput output) {
        List<String> ids = List.of("stored-1", "large", "early", "late", "stored-2");
        List<HttpResponse<String>> answers = events.sendTogether(
                batcher,
                List.of(
                        event("stored-1", "user", now(), "text"),
                        event("large", "user", now(), "confidential" + "é".repeat(7_000)),
                        event("early", "user", now() - Duration.ofDays(2).toMillis(), "confidential"),
                        event("late", "user", now() + Duration.ofHours(2).toMillis(), "confidential"),
                        event("stored-2", "user", now(), "text")));

        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(201, 422, 422, 422, 201);
        assertThat(answers.subList(1, 4))
                .extracting(this::detail)
                .containsExactly(
                        "The text is longer than the topic takes.",
                        "The time is longer ago, or further ahead, than the topic takes.",
                        "The time is longer ago, or further ahead, than the topic takes.");
        assertThat(kafka.records().values().stream().map(this::id).filter(ids::contains))
                .containsExactlyInAnyOrder("stored-1", "stored-2");
        assertThat(output).doesNotContain("confidential");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id     | {'id': ' ', 'user': 'u', 'time': 1, 'text': 't'}            | must not be blank",
                "id     | {'id': '65+', 'user': 'u', 'time': 1, 'text': 't'}          | must not be longer than 64 characters",
                "id     | {'id': 7, 'user': 'u', 'time': 1, 'text': 't'}              | must be a text",
                "user   | {'id': 'i', 'time': 1, 'text': 't'}                         | must not be blank",
                "user   | {'id': 'i', 'user': 'a\\u0000b', 'time': 1, 'text': 't'}    | must not contain control characters",
                "time   | {'id': 'i', 'user': 'u', 'text': 't'}                       | must not be null",
                "time   | {'id': 'i', 'user': 'u', 'time': -1, 'text': 't'}           | must be greater than or equal to 0",
                "time   | {'id': 'i', 'user': 'u', 'time': '1', 'text': 't'}          | must be a whole number",
                "time   | {'id': 'i', 'user': 'u', 'time': 1.5, 'text': 't'}          | must be a whole number",
                "time   | {'id': 'i', 'user': 'u', 'time': 1e30, 'text': 't'}         | must be a whole number",
                "text   | {'id': 'i', 'user': 'u', 'time': 1, 'text': ''}             | must not be blank",
                "text   | {'id': 'i', 'user': 'u', 'time': 1, 'text': '\\ud800'}      | must not contain half a surrogate pair",
                "text   | {'id': 'i', 'user': 'u', 'time': 1, 'text': '10001+'}       | must not be longer than 10000 characters",
                "colour | {'id': 'i', 'user': 'u', 'time': 1, 'text': 't', 'colour': 'red'} | is not known",
            })
    void aBadFieldIsNamedAndNothingIsSent(String field, String body, String message) throws Exception {
        long before = kafka.produceRequests();

        HttpResponse<String> answer = events.send(
                body.replace('\'', '"').replace("65+", "x".repeat(65)).replace("10001+", "x".repeat(10_001)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json.readTree(answer.body()).get("errors").get(field).asString())
                .isEqualTo(message);
        assertThat(kafka.produceRequests()).isEqualTo(before);
    }

    @Test
    void aBodyThatIsTooLargeIsRejected() {
        HttpResponse<String> answer = events.send(event("i", "u", now(), "x".repeat(70_000)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).isEqualTo("The body is too large or too deep.");
    }

    static String event(String id, String user, long time, String text) {
        return "{\"id\": \"%s\", \"user\": \"%s\", \"time\": %d, \"text\": \"%s\"}".formatted(id, user, time, text);
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private EventPosition position(HttpResponse<String> answer) {
        return json.readValue(answer.body(), EventPosition.class);
    }

    private String detail(HttpResponse<String> answer) {
        return json.readTree(answer.body()).get("detail").asString();
    }

    private String id(ConsumerRecord<String, String> record) {
        return json.readTree(record.value()).get("id").asString();
    }
}
