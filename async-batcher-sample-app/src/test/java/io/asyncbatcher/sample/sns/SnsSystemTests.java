package io.asyncbatcher.sample.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jayway.jsonpath.JsonPath;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.sample.ItemRejectedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.web.client.RestClient;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** On an emulator that delivers: a queue of its own hears a topic. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("sns")
@Import(SnsServer.class)
@Tag("systems")
@EnabledIf(
        value = "io.asyncbatcher.sample.sns.Fauxqs#isPossible",
        disabledReason = "The emulator of SNS needs npm, which isn't installed here")
class SnsSystemTests {

    @Autowired
    private Fauxqs fauxqs;

    @Autowired
    private SnsClient sns;

    @Autowired
    private AsyncBatcher<SnsMessage, String> snsMessages;

    @Test
    void messagesArriveWithTheIdsThatTheirCallersGotAndShareCalls() {
        String topic = "t" + UUID.randomUUID();
        String arn = sns.createTopic(call -> call.name(topic)).topicArn();
        long before = calls();

        try (SqsClient sqs = sqs()) {
            String url = sqs.createQueue(call -> call.queueName(topic)).queueUrl();
            String queue = arn.replace(":sns:", ":sqs:");
            sns.subscribe(call -> call.topicArn(arn).protocol("sqs").endpoint(queue));

            snsMessages.pause();
            Map<String, CompletableFuture<String>> ids = IntStream.range(0, 100)
                    .mapToObj(i -> "m" + i)
                    .collect(Collectors.toMap(
                            message -> message,
                            message -> snsMessages.process(
                                    new SnsMessage(topic, new NewSnsMessage(message, "s", Map.of("k", "v"))))));
            snsMessages.resume();
            CompletableFuture.allOf(ids.values().toArray(CompletableFuture[]::new))
                    .join();

            Map<String, String> arrived = IntStream.range(0, 10)
                    .mapToObj(i -> sqs.receiveMessage(call -> call.queueUrl(url).maxNumberOfMessages(10)))
                    .flatMap(some -> some.messages().stream())
                    .map(Message::body)
                    .collect(Collectors.toMap(
                            body -> JsonPath.<String>read(body, "$.Message"),
                            body -> JsonPath.<String>read(body, "$.MessageId")));
            assertThat(arrived).hasSize(100);
            ids.forEach((message, id) -> assertThat(arrived).containsEntry(message, id.join()));
        }
        assertThat(calls() - before).isEqualTo(10);
    }

    @Test
    void anUnknownTopicFailsItsMessagesAlone() {
        snsMessages.pause();
        CompletableFuture<String> known = snsMessages.process(message("news"));
        CompletableFuture<String> unknown = snsMessages.process(message("nowhere"));
        snsMessages.resume();

        assertThat(known.join()).isNotEmpty();
        assertThat(unknown)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ItemRejectedException.class)
                .withMessageContaining("There is no topic nowhere.");
    }

    @Test
    void aMessageThatSnsRejectsIsItsCallersFault() {
        // A topic that keeps an order wants a group; the sample's controller lets nobody name one.
        sns.createTopic(call -> call.name("news.fifo").attributes(Map.of("FifoTopic", "true")));

        assertThat(snsMessages.process(message("news.fifo")))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ItemRejectedException.class)
                .withMessageContaining("SNS rejected the message: InvalidParameter.");
    }

    @Test
    void elevenMessagesAreMoreThanACallTakes() {
        String arn = sns.createTopic(call -> call.name("news")).topicArn();
        List<PublishBatchRequestEntry> entries = IntStream.range(0, 11)
                .mapToObj(i -> PublishBatchRequestEntry.builder()
                        .id("" + i)
                        .message("m")
                        .build())
                .toList();

        assertThatThrownBy(() -> sns.publishBatch(call -> call.topicArn(arn).publishBatchRequestEntries(entries)))
                .isInstanceOf(TooManyEntriesInBatchRequestException.class);
    }

    private SqsClient sqs() {
        return SqsClient.builder()
                .endpointOverride(fauxqs.address())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    /** By the emulator's own count. */
    private long calls() {
        return Long.parseLong(
                RestClient.create(fauxqs.address() + "/calls").get().retrieve().body(String.class));
    }

    private static SnsMessage message(String topic) {
        return new SnsMessage(topic, new NewSnsMessage("m", null, null));
    }
}
