package io.asyncbatcher.sample.kafka;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes events one a request, and stores them many a flush. */
@RestController
@Profile("kafka")
@RequestMapping("/api/kafka/events")
class EventController {

    private final BatcherClient<NewEvent, EventPosition> events;

    EventController(BatcherClient<NewEvent, EventPosition> events) {
        this.events = events;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CompletableFuture<EventPosition> add(@Valid @RequestBody NewEvent event) {
        return events.process(event);
    }
}
