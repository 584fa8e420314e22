package io.asyncbatcher.sample.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.ClosedLoopLoad;
import io.asyncbatcher.sample.JsonEndpoint;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.web.servlet.client.RestTestClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "batcher.instances.rabbitmq-orders.max-batch-size=50",
            "batcher.instances.rabbitmq-orders.batch-timeout=2s"
        })
@ActiveProfiles("rabbitmq")
@Import(RabbitServer.class)
class OrderOutageTests {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String ORDER = OrderControllerTests.order("o-1", "south", "chair");

    @Autowired
    private AsyncBatcher<NewOrder, Confirmation> batcher;

    @Autowired
    private AmqpRelay relay;

    @Autowired
    private RabbitTemplate rabbit;

    @LocalServerPort
    private int port;

    private JsonEndpoint orders;

    @BeforeEach
    void posts() {
        orders = new JsonEndpoint(port, "/api/rabbitmq/orders");
    }

    @Test
    void whileRabbitIsGoneTheAnswersSaySoAndWhatWasConfirmedIsThereAfterwards() throws Exception {
        ClosedLoopLoad load = new ClosedLoopLoad(orders, id -> OrderControllerTests.order(id, "north", "chair"));
        await().atMost(LONG).until(() -> load.succeeded.size() > 100);
        relay.cut();
        await().atMost(LONG).until(() -> load.failed.size() > 20);
        int before = load.succeeded.size();
        relay.mend();
        await().atMost(LONG).until(() -> load.succeeded.size() > before + 100);
        load.stop();

        Set<String> ids = messageIds();
        assertThat(ids).containsAll(load.succeeded.keySet());
        load.failed.forEach((id, answer) -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("RabbitMQ is not available");
            if (answer.headers().firstValue("Retry-After").isPresent()) {
                assertThat(ids).doesNotContain(id);
            }
        });
    }

    @Test
    void anOrderThatCannotBePublishedCanBeSentAgain() throws IOException {
        relay.cut();
        try {
            HttpResponse<String> answer = orders.send(ORDER);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(answer.body())
                    .contains("RabbitMQ is not available; the request had no effect and can be sent again.")
                    .doesNotContain("Exception", "127.0.0.1");
            expectHealth(503);
        } finally {
            relay.mend();
        }
        expectHealth(200);
        assertThat(orders.send(ORDER).statusCode()).isEqualTo(202);
    }

    @Test
    void ofAnOrderWhoseConfirmIsLostNobodyKnows() throws IOException {
        assertThat(orders.send(ORDER).statusCode()).isEqualTo(202);
        relay.holdAnswers();
        CompletableFuture<HttpResponse<String>> lost = orders.sendAsync(ORDER);
        await().until(() -> batcher.snapshot().inFlight() == 1);
        relay.cut();
        relay.passAnswers();
        relay.mend();

        assertThat(lost.join().statusCode()).isEqualTo(503);
        assertThat(lost.join().headers().firstValue("Retry-After")).isEmpty();
        assertThat(lost.join().body())
                .contains("RabbitMQ is not available; whether the request took effect is not known.");
    }

    @Test
    void aConfirmThatIsLateIsNotWaitedFor() {
        assertThat(orders.send(ORDER).statusCode()).isEqualTo(202);
        relay.holdAnswers();
        HttpResponse<String> late = orders.send(ORDER);
        relay.passAnswers();

        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.headers().firstValue("Retry-After")).isEmpty();
        assertThat(late.body()).contains("whether the request took effect is not known.");
        assertThat(orders.send(ORDER).statusCode()).isEqualTo(202);
    }

    private void expectHealth(int status) {
        RestTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .build()
                .get()
                .uri("/actuator/health")
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }

    private Set<String> messageIds() {
        Set<String> ids = new HashSet<>();
        for (Message next = rabbit.receive("orders.north"); next != null; next = rabbit.receive("orders.north")) {
            ids.add(next.getMessageProperties().getMessageId());
        }
        return ids;
    }
}
