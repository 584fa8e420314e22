package io.asyncbatcher.sample.sqs;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import software.amazon.awssdk.services.sqs.SqsClient;

/** How failures are told apart: ElasticMQ's own, and answers of SQS that it never gives. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("sqs")
@Import(SqsServer.class)
class SqsFailuresTests {

    private static final String UNAVAILABLE = "SQS is not available";

    @Autowired
    private SqsProxy proxy;

    @Autowired
    private SqsClient sqs;

    @Autowired
    private AsyncBatcher<SqsMessage, String> sqsMessages;

    @Autowired
    private AsyncBatcher<SqsMessage, String> sqsFifoMessages;

    @BeforeEach
    void letThrough() {
        proxy.reset();
    }

    @Test
    void aMessageThatSqsRejectsFailsAlone() {
        TestQueue queue = TestQueue.create(sqs);

        List<CompletableFuture<String>> sent = send(sqsMessages, queue, "a", "unseen\u0000by validation", "c");

        sent.get(0).join();
        assertThat(failure(sent.get(1)))
                .isInstanceOf(ItemRejectedException.class)
                .hasMessageContaining("422")
                .hasMessageContaining("SQS rejected the message: InvalidAttributeValue.");
        sent.get(2).join();
        assertThat(queue.bodies()).containsExactlyInAnyOrder("a", "c");
        assertThat(proxy.calls("SendMessageBatch")).hasSize(1);
    }

    @Test
    void anUnknownQueueFailsItsMessagesAlone() {
        TestQueue queue = TestQueue.create(sqs);

        sqsMessages.pause();
        CompletableFuture<String> known = sqsMessages.process(message(queue.name(), "a"));
        CompletableFuture<String> unknown = sqsMessages.process(message("nowhere", "b"));
        CompletableFuture<String> unknownToo = sqsMessages.process(message("nowhere", "c"));
        sqsMessages.resume();

        known.join();
        assertThat(failure(unknown))
                .isInstanceOf(ItemRejectedException.class)
                .hasMessageContaining("There is no queue nowhere.")
                .isNotSameAs(failure(unknownToo));
    }

    @Test
    void aDeletedQueueIsUnknownAndOneThatIsCreatedAgainIsKnown() {
        TestQueue queue = TestQueue.create(sqs);
        send(sqsMessages, queue, "a").get(0).join();

        sqs.deleteQueue(call -> call.queueUrl(queue.url()));
        assertThat(failure(send(sqsMessages, queue, "b").get(0))).isInstanceOf(ItemRejectedException.class);

        sqs.createQueue(call -> call.queueName(queue.name()));
        send(sqsMessages, queue, "c").get(0).join();
        assertThat(queue.bodies()).containsExactly("c");
    }

    @Test
    void aMessageThatSqsCouldNotTakeIsSentAgainAlone() {
        TestQueue queue = TestQueue.create(sqs);
        proxy.answerOnce(secondFails());

        List<CompletableFuture<String>> sent = send(sqsMessages, queue, "a", "b");

        assertThat(sent.get(0).join()).isEqualTo("taken");
        sent.get(1).join();
        assertThat(queue.bodies()).containsExactly("b");
        assertThat(proxy.calls("SendMessageBatch")).hasSize(2);
    }

    @Test
    void aMessageInOrderIsNotSentAgainBehindThoseThatItPreceded() {
        TestQueue queue = TestQueue.createFifo(sqs);
        proxy.answerOnce(secondFails());

        List<CompletableFuture<String>> sent = send(sqsFifoMessages, queue, "a", "b");

        assertThat(sent.get(0).join()).isEqualTo("taken");
        assertThat(failure(sent.get(1))).isInstanceOf(SystemUnavailableException.class);
        assertThat(proxy.calls("SendMessageBatch")).hasSize(1);
    }

    @Test
    void messagesWaitWhereSqsIsCalledTooOftenAndKeepTheirOrder() {
        TestQueue queue = TestQueue.createFifo(sqs);
        proxy.answerOnce(error(400, "ThrottlingException"));

        send(sqsFifoMessages, queue, "a", "b", "c").forEach(CompletableFuture::join);

        assertThat(queue.bodies()).containsExactly("a", "b", "c");
        assertThat(proxy.calls("SendMessageBatch")).hasSize(2);
    }

    @Test
    void aCallThatBreaksOffIsNotSentAgain() {
        TestQueue queue = TestQueue.create(sqs);
        proxy.answerOnce(aResponse().withFault(Fault.EMPTY_RESPONSE));

        assertThat(send(sqsMessages, queue, "a", "b"))
                .allSatisfy(id -> assertThat(failure(id)).hasMessage(UNAVAILABLE));

        assertThat(proxy.calls("SendMessageBatch")).hasSize(1);
        send(sqsMessages, queue, "c").get(0).join();
        assertThat(queue.bodies()).containsExactly("c");
    }

    @Test
    void anErrorOfSqsFailsOneBatch() {
        TestQueue queue = TestQueue.create(sqs);
        proxy.answerOnce(error(500, "InternalFailure"));

        assertThat(failure(send(sqsMessages, queue, "a").get(0))).hasMessage(UNAVAILABLE);
        send(sqsMessages, queue, "b").get(0).join();
    }

    @Test
    void aRejectedCallSaysWhatAnOperatorNeedsAndNothingOfTheMessages() {
        TestQueue queue = TestQueue.create(sqs);
        proxy.answerOnce(error(403, "AccessDeniedException"));

        assertThat(failure(send(sqsMessages, queue, "secret").get(0)))
                .hasMessage("SQS rejected a call: AccessDeniedException (403), request 4711")
                .hasNoCause();
    }

    @Test
    void afterAnOutageMessagesAreTakenAgain() {
        TestQueue queue = TestQueue.create(sqs);
        send(sqsMessages, queue, "a").get(0).join();

        proxy.close();
        try {
            assertThat(failure(send(sqsMessages, queue, "b").get(0))).hasMessage(UNAVAILABLE);
        } finally {
            proxy.open();
        }

        send(sqsMessages, queue, "c").get(0).join();
        assertThat(queue.bodies()).containsExactly("a", "c");
    }

    private static List<CompletableFuture<String>> send(
            AsyncBatcher<SqsMessage, String> batcher, TestQueue queue, String... bodies) {
        batcher.pause();
        List<CompletableFuture<String>> sent = Stream.of(bodies)
                .map(body -> batcher.process(message(queue.name(), body)))
                .toList();
        batcher.resume();
        return sent;
    }

    private static SqsMessage message(String queue, String body) {
        return new SqsMessage(queue, new NewSqsMessage(body, null, "g", null));
    }

    private static Throwable failure(CompletableFuture<String> id) {
        return id.handle((value, failure) -> {
                    assertThat(failure).isNotNull();
                    return failure instanceof CompletionException ? failure.getCause() : failure;
                })
                .join();
    }

    /** Of the messages "a" and something: the client compares checksums. */
    private static ResponseDefinitionBuilder secondFails() {
        return okJson("""
                {"Successful": [{"Id": "0", "MessageId": "taken", "MD5OfMessageBody": "0cc175b9c0f1b6a831c399e269772661"}],
                 "Failed": [{"Id": "1", "SenderFault": false, "Code": "InternalError"}]}
                """);
    }

    private static ResponseDefinitionBuilder error(int status, String code) {
        return aResponse()
                .withStatus(status)
                .withHeader("x-amzn-RequestId", "4711")
                .withBody("{\"__type\": \"com.amazonaws.sqs#" + code + "\", \"message\": \"secret\"}");
    }
}
