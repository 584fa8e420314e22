package io.asyncbatcher.sample.sns;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.spring.Batched;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

/** Publishes messages to the topics of an account. All messages of a batch are for one topic. */
@Service
@Profile("sns")
class SnsPublisher {

    private final SnsClient sns;
    private final String arns;

    SnsPublisher(SnsClient sns, @Value("${sns.topics}") String arns) {
        this.sns = sns;
        this.arns = arns;
    }

    /**
     * Publishes to a topic.
     *
     * @return ids; element i belongs to message i
     */
    @Batched(
            value = "snsMessages",
            maxBatchSize = "10",
            maxBatchWeight = "" + NewSnsMessage.MAX_BYTES,
            weigher = "snsBytes",
            partitionBy = "snsTopic")
    List<Outcome<String>> publish(List<SnsMessage> messages) {
        String topic = messages.get(0).topic();
        List<PublishBatchRequestEntry> entries = IntStream.range(0, messages.size())
                .mapToObj(i -> entry(i, messages.get(i).content()))
                .toList();
        try {
            return outcomes(
                    messages,
                    sns.publishBatch(call -> call.topicArn(arns + topic).publishBatchRequestEntries(entries)));
        } catch (NotFoundException e) {
            // One exception each: what it is answered with isn't shared between requests.
            return messages.stream()
                    .map(message -> Outcome.<String>failure(
                            new ItemRejectedException(HttpStatus.NOT_FOUND, "There is no topic " + topic + ".")))
                    .toList();
        } catch (SdkException e) {
            throw SnsFailures.ofCall(e);
        }
    }

    private static PublishBatchRequestEntry entry(int position, NewSnsMessage content) {
        return PublishBatchRequestEntry.builder()
                .id(Integer.toString(position))
                .message(content.message())
                .subject(content.subject())
                .messageAttributes(content.attributes().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, attribute -> text(attribute.getValue()))))
                .build();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType(NewSnsMessage.ATTRIBUTE_TYPE)
                .stringValue(value)
                .build();
    }

    /** An entry's id is the position of its message. */
    private static List<Outcome<String>> outcomes(List<SnsMessage> messages, PublishBatchResponse response) {
        Map<String, Outcome<String>> outcomes = new HashMap<>();
        response.successful().forEach(sent -> outcomes.put(sent.id(), Outcome.success(sent.messageId())));
        response.failed().forEach(error -> outcomes.put(error.id(), SnsFailures.ofMessage(error)));
        return IntStream.range(0, messages.size())
                .mapToObj(i -> outcomes.get(Integer.toString(i)))
                .toList();
    }
}
