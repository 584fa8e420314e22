package io.asyncbatcher.sample.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.sample.ClosedLoopLoad;
import io.asyncbatcher.sample.JsonEndpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
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
class EventOutageTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final JsonMapper json = new JsonMapper();

    @Autowired
    private KafkaBroker kafka;

    @LocalServerPort
    private int port;

    @Test
    void whileKafkaIsDownTheAnswersSaySoAndWhatWasConfirmedIsThereAfterwards() throws Exception {
        ClosedLoopLoad load = new ClosedLoopLoad(
                new JsonEndpoint(port, "/api/kafka/events"),
                id -> EventControllerTests.event(id, "load", System.currentTimeMillis(), "text"));
        await().atMost(LONG).until(() -> load.succeeded.size() > 100);
        kafka.stop();
        await().atMost(LONG).until(() -> !load.failed.isEmpty());
        int before = load.succeeded.size();
        kafka.startAgain();
        await().atMost(LONG).until(() -> load.succeeded.size() > before + 100);
        load.stop();

        Map<EventPosition, String> ids = new HashMap<>();
        kafka.records()
                .forEach((position, record) -> ids.put(
                        position, json.readTree(record.value()).get("id").asString()));
        load.succeeded.forEach(
                (id, answer) -> assertThat(ids).containsEntry(json.readValue(answer.body(), EventPosition.class), id));
        load.failed.forEach((id, answer) -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("Kafka is not available");
            if (answer.headers().firstValue("Retry-After").isPresent()) {
                assertThat(ids).doesNotContainValue(id);
            }
        });
    }
}
