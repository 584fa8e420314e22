package io.asyncbatcher.sample.sqs;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.sample.ItemRejectedException;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes messages one a request, and sends them up to ten a call. */
@RestController
@Profile("sqs")
@RequestMapping("/api/sqs/queues")
class SqsController {

    private final BatcherClient<SqsMessage, String> sqsMessages;
    private final BatcherClient<SqsMessage, String> sqsFifoMessages;

    SqsController(BatcherClient<SqsMessage, String> sqsMessages, BatcherClient<SqsMessage, String> sqsFifoMessages) {
        this.sqsMessages = sqsMessages;
        this.sqsFifoMessages = sqsFifoMessages;
    }

    /** The pattern is that of names that a queue can have; no other is looked up. */
    @PostMapping("/{queue:[\\w-]{1,80}|[\\w-]{1,75}\\.fifo}/messages")
    @ResponseStatus(HttpStatus.ACCEPTED)
    CompletableFuture<Id> send(@PathVariable String queue, @Valid @RequestBody NewSqsMessage content) {
        SqsMessage message = new SqsMessage(queue, content);
        if (message.isInOrder() != (content.group() != null)) {
            throw new ItemRejectedException(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    message.isInOrder()
                            ? "A message for a FIFO queue must have a group."
                            : "Only a message for a FIFO queue may have a group.");
        }
        return (message.isInOrder() ? sqsFifoMessages : sqsMessages)
                .process(message)
                .thenApply(Id::new);
    }

    record Id(String id) {}
}
