package io.asyncbatcher.sample.sns;

import io.asyncbatcher.BatcherClient;
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

/** Takes messages one a request, and publishes them up to ten a call. */
@RestController
@Profile("sns")
@RequestMapping("/api/sns/topics")
class SnsController {

    private final BatcherClient<SnsMessage, String> snsMessages;

    SnsController(BatcherClient<SnsMessage, String> snsMessages) {
        this.snsMessages = snsMessages;
    }

    /** The pattern is that of names that a topic without order can have; no other is called. */
    @PostMapping("/{topic:[\\w-]{1,256}}/messages")
    @ResponseStatus(HttpStatus.ACCEPTED)
    CompletableFuture<Id> publish(@PathVariable String topic, @Valid @RequestBody NewSnsMessage content) {
        return snsMessages.process(new SnsMessage(topic, content)).thenApply(Id::new);
    }

    record Id(String id) {}
}
