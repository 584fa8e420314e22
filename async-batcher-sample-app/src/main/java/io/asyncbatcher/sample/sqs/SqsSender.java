package io.asyncbatcher.sample.sqs;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.spring.Batched;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** Sends messages to the queues of an account. All messages of a batch are for one queue. */
@Service
@Profile("sqs")
class SqsSender {

    private final SqsClient sqs;
    private final Map<String, String> urls = new ConcurrentHashMap<>();

    SqsSender(SqsClient sqs) {
        this.sqs = sqs;
    }

    /**
     * Sends to a queue that keeps no order.
     *
     * @return ids; element i belongs to message i
     */
    @Batched(
            value = "sqsMessages",
            maxBatchSize = "10",
            maxBatchWeight = "" + NewSqsMessage.MAX_BYTES,
            weigher = "sqsBytes",
            partitionBy = "sqsQueue")
    List<Outcome<String>> send(List<SqsMessage> messages) {
        return sendAll(messages);
    }

    /**
     * Sends to a FIFO queue, which takes the messages of a call in their order. This is a batcher of its own because only one
     * call may be in flight: two would race for the first place.
     *
     * @return ids; element i belongs to message i
     */
    @Batched(
            value = "sqsFifoMessages",
            concurrency = "1",
            maxBatchSize = "10",
            maxBatchWeight = "" + NewSqsMessage.MAX_BYTES,
            weigher = "sqsBytes",
            partitionBy = "sqsQueue")
    List<Outcome<String>> sendInOrder(List<SqsMessage> messages) {
        return sendAll(messages);
    }

    private List<Outcome<String>> sendAll(List<SqsMessage> messages) {
        String queue = messages.get(0).queue();
        try {
            String url = url(queue);
            List<SendMessageBatchRequestEntry> entries = IntStream.range(0, messages.size())
                    .mapToObj(i -> entry(i, messages.get(i)))
                    .toList();
            return outcomes(
                    messages, sqs.sendMessageBatch(call -> call.queueUrl(url).entries(entries)));
        } catch (QueueDoesNotExistException e) {
            // One exception each: what it is answered with isn't shared between requests.
            return messages.stream()
                    .map(message -> Outcome.<String>failure(
                            new ItemRejectedException(HttpStatus.NOT_FOUND, "There is no queue " + queue + ".")))
                    .toList();
        } catch (SdkException e) {
            // Without the url nothing was sent yet.
            throw SqsFailures.ofCall(e, !urls.containsKey(queue));
        }
    }

    /** Looked up once; a queue that is deleted and created again has the same. */
    private String url(String queue) {
        String known = urls.get(queue);
        if (known != null) {
            return known;
        }
        String url = sqs.getQueueUrl(call -> call.queueName(queue)).queueUrl();
        urls.put(queue, url);
        return url;
    }

    private static SendMessageBatchRequestEntry entry(int position, SqsMessage message) {
        NewSqsMessage content = message.content();
        SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(position))
                .messageBody(content.body())
                .messageAttributes(content.attributes().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, attribute -> text(attribute.getValue()))));
        if (message.isInOrder()) {
            entry.messageGroupId(content.group()).messageDeduplicationId(content.deduplicationId());
        }
        return entry.build();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType(NewSqsMessage.ATTRIBUTE_TYPE)
                .stringValue(value)
                .build();
    }

    /** An entry's id is the position of its message. */
    private static List<Outcome<String>> outcomes(List<SqsMessage> messages, SendMessageBatchResponse response) {
        Map<String, Outcome<String>> outcomes = new HashMap<>();
        response.successful().forEach(sent -> outcomes.put(sent.id(), Outcome.success(sent.messageId())));
        response.failed().forEach(error -> outcomes.put(error.id(), SqsFailures.ofMessage(error, messages.get(0))));
        return IntStream.range(0, messages.size())
                .mapToObj(i -> outcomes.get(Integer.toString(i)))
                .toList();
    }
}
