package io.asyncbatcher.sample.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A new queue of a test's own. */
record TestQueue(SqsClient sqs, String name, String url) {

    static TestQueue create(SqsClient sqs) {
        String name = "q" + UUID.randomUUID();
        return new TestQueue(
                sqs, name, sqs.createQueue(queue -> queue.queueName(name)).queueUrl());
    }

    static TestQueue createFifo(SqsClient sqs) {
        String name = "q" + UUID.randomUUID() + ".fifo";
        String url = sqs.createQueue(
                        queue -> queue.queueName(name).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
                .queueUrl();
        return new TestQueue(sqs, name, url);
    }

    /** Takes everything out; element i is message i of the queue. */
    List<Message> drain() {
        List<Message> drained = new ArrayList<>();
        while (true) {
            List<Message> some = sqs.receiveMessage(call -> call.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All")
                            .waitTimeSeconds(0))
                    .messages();
            if (some.isEmpty()) {
                return drained;
            }
            drained.addAll(some);
            sqs.deleteMessageBatch(call -> call.queueUrl(url)
                    .entries(IntStream.range(0, some.size())
                            .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                                    .id(Integer.toString(i))
                                    .receiptHandle(some.get(i).receiptHandle())
                                    .build())
                            .toList()));
        }
    }

    List<String> bodies() {
        return drain().stream().map(Message::body).toList();
    }
}
