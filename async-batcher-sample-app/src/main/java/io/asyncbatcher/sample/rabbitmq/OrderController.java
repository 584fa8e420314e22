package io.asyncbatcher.sample.rabbitmq;

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

/** Takes orders one a request, and hands them on many a wait for RabbitMQ. */
@RestController("rabbitmqOrderController")
@Profile("rabbitmq")
@RequestMapping("/api/rabbitmq/orders")
class OrderController {

    private final BatcherClient<NewOrder, Confirmation> orders;

    OrderController(BatcherClient<NewOrder, Confirmation> orders) {
        this.orders = orders;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    CompletableFuture<Confirmation> add(@Valid @RequestBody NewOrder order) {
        return orders.process(order);
    }
}
