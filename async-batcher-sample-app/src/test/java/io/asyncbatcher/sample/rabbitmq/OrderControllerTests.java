package io.asyncbatcher.sample.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.JsonEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
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
            "batcher.instances.rabbitmq-orders.max-batch-size=50",
            "batcher.instances.rabbitmq-orders.batch-timeout=2s"
        })
@ActiveProfiles("rabbitmq")
@Import(RabbitServer.class)
@ExtendWith(OutputCaptureExtension.class)
class OrderControllerTests {

    private final JsonMapper json = new JsonMapper();

    @Autowired
    private AsyncBatcher<NewOrder, Confirmation> batcher;

    @Autowired
    private RabbitTemplate rabbit;

    @Autowired
    private AmqpAdmin admin;

    @Autowired
    private MeterRegistry meters;

    @LocalServerPort
    private int port;

    private JsonEndpoint orders;

    @BeforeEach
    void postsAndEmptyQueues() {
        orders = new JsonEndpoint(port, "/api/rabbitmq/orders");
        take("north");
        take("south");
    }

    @Test
    void anOrderReachesItsWarehouseAndOutlivesTheBroker() {
        String order = order("o-1", "north", "a 😀 \\\"chair\\\"");

        HttpResponse<String> answer = orders.send(order);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(id(answer.body())).isEqualTo("o-1");
        assertThat(take("south")).isEmpty();
        assertThat(take("north")).singleElement().satisfies(message -> {
            assertThat(json.readTree(message.getBody())).isEqualTo(json.readTree(order));
            assertThat(message.getMessageProperties().getMessageId()).isEqualTo("o-1");
            assertThat(message.getMessageProperties().getContentType()).isEqualTo("application/json");
            assertThat(message.getMessageProperties().getReceivedDeliveryMode())
                    .isEqualTo(MessageDeliveryMode.PERSISTENT);
        });
    }

    @Test
    void manyRequestsShareFewBatchesAndEachGetsItsOwnConfirmation() {
        long before = batches();
        List<String> ids = IntStream.range(0, 120).mapToObj(i -> "many-" + i).toList();

        List<HttpResponse<String>> answers = orders.sendTogether(
                batcher, ids.stream().map(id -> order(id, "north", "chair")).toList());

        assertThat(answers).allMatch(answer -> answer.statusCode() == 202);
        assertThat(answers.stream().map(answer -> id(answer.body()))).containsExactlyElementsOf(ids);
        assertThat(batches() - before).isEqualTo(3);
        assertThat(take("north").stream().map(this::id)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void whatRabbitRejectsFailsAloneAndItsNeighboursAreStoredOnce(CapturedOutput output) {
        // What is "x-max-length" with "x-overflow: reject-publish" in RabbitMQ.
        Map<String, Object> takesNothing = Map.of("overflowPolicy", "REJECT", "maximumQueueDepthMessages", 0);
        admin.declareQueue(new Queue("orders.full", true, false, false, takesNothing));
        admin.declareBinding(
                new Binding("orders.full", Binding.DestinationType.QUEUE, OrderPublisher.EXCHANGE, "full", null));

        List<HttpResponse<String>> answers = orders.sendTogether(
                batcher,
                List.of(
                        order("stored-1", "north", "chair"),
                        order("returned-1", "nowhere", "confidential"),
                        order("rejected", "full", "confidential"),
                        order("returned-2", "nowhere", "confidential"),
                        order("stored-2", "south", "chair")));

        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(202, 422, 503, 422, 202);
        assertThat(detail(answers.get(1))).isEqualTo("There is no warehouse of that name.");
        assertThat(detail(answers.get(2)))
                .isEqualTo("RabbitMQ is not available; whether the request took effect is not known.");
        assertThat(take("north").stream().map(this::id)).containsExactly("stored-1");
        assertThat(take("south").stream().map(this::id)).containsExactly("stored-2");
        assertThat(output).doesNotContain("confidential");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id        | {'id': ' ', W, P, 'quantity': 1}                   | must not be blank",
                "id        | {'id': '65+', W, P, 'quantity': 1}                 | must not be longer than 64 characters",
                "id        | {'id': 7, W, P, 'quantity': 1}                     | must be a text",
                "warehouse | {'id': 'i', P, 'quantity': 1}                      | must not be null",
                "warehouse | {'id': 'i', 'warehouse': '#', P, 'quantity': 1}    | must be 1 to 32 of a-z, 0-9 and -",
                "product   | {'id': 'i', W, 'quantity': 1}                      | must not be blank",
                "product   | {'id': 'i', W, 'product': '\\u0000', 'quantity': 1} | must not contain control characters",
                "product   | {'id': 'i', W, 'product': '201+', 'quantity': 1}   | must not be longer than 200 characters",
                "quantity  | {'id': 'i', W, P}                                  | must not be null",
                "quantity  | {'id': 'i', W, P, 'quantity': 1.5}                 | must be a whole number",
                "quantity  | {'id': 'i', W, P, 'quantity': 0}                   | must be greater than or equal to 1",
                "quantity  | {'id': 'i', W, P, 'quantity': 1001}                | must be less than or equal to 1000",
                "colour    | {'id': 'i', W, P, 'quantity': 1, 'colour': 'red'}  | is not known",
            })
    void aBadFieldIsNamedAndNothingIsSent(String field, String body, String message) {
        HttpResponse<String> answer = orders.send(body.replace("W,", "'warehouse': 'north',")
                .replace("P,", "'product': 'chair',")
                .replace("P}", "'product': 'chair'}")
                .replace('\'', '"')
                .replace("65+", "x".repeat(65))
                .replace("201+", "x".repeat(201)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json.readTree(answer.body()).get("errors").get(field).asString())
                .isEqualTo(message);
        assertThat(take("north")).isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeIsRejected() {
        HttpResponse<String> answer = orders.send(order("i", "north", "x".repeat(20_000)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).isEqualTo("The body is too large or too deep.");
    }

    static String order(String id, String warehouse, String product) {
        return "{\"id\": \"%s\", \"warehouse\": \"%s\", \"product\": \"%s\", \"quantity\": 1}"
                .formatted(id, warehouse, product);
    }

    private List<Message> take(String warehouse) {
        List<Message> messages = new ArrayList<>();
        for (Message next = rabbit.receive("orders." + warehouse);
                next != null;
                next = rabbit.receive("orders." + warehouse)) {
            messages.add(next);
        }
        return messages;
    }

    private long batches() {
        return meters.get("batcher.batch.size")
                .tag("batcher", "rabbitmqOrders")
                .summary()
                .count();
    }

    private String id(Message message) {
        return json.readTree(message.getBody()).get("id").asString();
    }

    private String id(String body) {
        return json.readTree(body).get("id").asString();
    }

    private String detail(HttpResponse<String> answer) {
        return json.readTree(answer.body()).get("detail").asString();
    }
}
