package io.asyncbatcher.sample.rabbitmq;

import io.asyncbatcher.BatcherClient;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders one a request, and hands them on many a wait for RabbitMQ. */
@RestController("rabbitmqOrderController")
@Profile("rabbitmq")
@RequestMapping("/api/rabbitmq/orders")
class OrderController {

    /** Tomcat would answer after 30 s that it is too late, and leave the order in the queue to be handed on still. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BatcherClient<NewOrder, Confirmation> orders;

    OrderController(BatcherClient<NewOrder, Confirmation> orders) {
        this.orders = orders;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    CompletableFuture<Confirmation> add(@Valid @RequestBody NewOrder order) {
        return orders.process(order, TIMEOUT);
    }
}
