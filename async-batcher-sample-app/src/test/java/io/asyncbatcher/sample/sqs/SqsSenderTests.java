package io.asyncbatcher.sample.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** What a call carries. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("sqs")
@Import(SqsServer.class)
class SqsSenderTests {

    @Autowired
    private SqsProxy proxy;

    @Autowired
    private SqsClient sqs;

    @Autowired
    private AsyncBatcher<SqsMessage, String> sqsMessages;

    @Autowired
    private AsyncBatcher<SqsMessage, String> sqsFifoMessages;

    @BeforeEach
    void countFromNought() {
        proxy.reset();
    }

    @Test
    void messagesAreSentTenACallAndEachCallerGetsItsOwnId() {
        TestQueue queue = TestQueue.create(sqs);

        Map<String, String> ids = send(queue, numbers(100));

        assertThat(queue.drain().stream().collect(Collectors.toMap(Message::body, Message::messageId)))
                .isEqualTo(ids);
        assertThat(proxy.calls("SendMessageBatch")).hasSize(10);
    }

    @Test
    void attributesAreSentAsTexts() {
        TestQueue queue = TestQueue.create(sqs);

        sqsMessages
                .process(new SqsMessage(queue.name(), new NewSqsMessage("b", Map.of("kind", "größer"), null, null)))
                .join();

        assertThat(queue.drain().get(0).messageAttributes().get("kind"))
                .satisfies(kind -> assertThat(kind.stringValue()).isEqualTo("größer"))
                .satisfies(kind -> assertThat(kind.dataType()).isEqualTo("String"));
    }

    @Test
    void aCallHasNoMoreBytesThanSqsTakes() {
        TestQueue queue = TestQueue.create(sqs);

        send(queue, numbers(5).map(i -> i.repeat(400_000)));

        assertThat(queue.drain()).hasSize(5);
        assertThat(proxy.calls("SendMessageBatch")).hasSize(3);
    }

    @Test
    void aCallIsForOneQueueWhoseUrlIsLookedUpOnce() {
        TestQueue one = TestQueue.create(sqs);
        TestQueue other = TestQueue.create(sqs);

        sqsMessages.pause();
        List<CompletableFuture<String>> sent = numbers(20)
                .map(i -> message(Integer.parseInt(i) % 2 == 0 ? one : other, i))
                .map(sqsMessages::process)
                .toList();
        sqsMessages.resume();
        sent.forEach(CompletableFuture::join);
        send(one, Stream.of("later"));

        assertThat(one.bodies()).hasSize(11).contains("0", "18", "later");
        assertThat(other.bodies()).hasSize(10).contains("1", "19");
        assertThat(proxy.calls("SendMessageBatch")).hasSize(3);
        assertThat(proxy.calls("GetQueueUrl")).hasSize(2);
    }

    @Test
    void aFifoQueueHasTheOrderInWhichMessagesWereHandedOver() {
        TestQueue queue = TestQueue.createFifo(sqs);

        sqsFifoMessages.pause();
        List<CompletableFuture<String>> sent = numbers(100)
                .map(i -> sqsFifoMessages.process(message(queue, i)))
                .toList();
        sqsFifoMessages.resume();

        assertThat(sent).allSatisfy(id -> assertThat(id.join()).isNotEmpty());
        assertThat(queue.bodies()).containsExactlyElementsOf(numbers(100).toList());
        assertThat(proxy.calls("SendMessageBatch")).hasSize(10);
    }

    @Test
    void aFifoQueueTakesAMessageOfTheSameIdOnce() {
        TestQueue queue = TestQueue.createFifo(sqs);
        NewSqsMessage content = new NewSqsMessage("b", null, "g", "order-1");

        sqsFifoMessages.process(new SqsMessage(queue.name(), content)).join();
        sqsFifoMessages.process(new SqsMessage(queue.name(), content)).join();

        assertThat(queue.bodies()).containsExactly("b");
    }

    /** All at once, and all answered: the id by the body. */
    private Map<String, String> send(TestQueue queue, Stream<String> bodies) {
        sqsMessages.pause();
        Map<String, CompletableFuture<String>> sent =
                bodies.collect(Collectors.toMap(body -> body, body -> sqsMessages.process(message(queue, body))));
        sqsMessages.resume();
        return sent.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, message -> message.getValue().join()));
    }

    private static SqsMessage message(TestQueue queue, String body) {
        return new SqsMessage(queue.name(), new NewSqsMessage(body, null, "g", null));
    }

    private static Stream<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString);
    }
}
