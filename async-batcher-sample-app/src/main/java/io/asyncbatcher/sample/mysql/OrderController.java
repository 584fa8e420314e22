package io.asyncbatcher.sample.mysql;

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

/** Takes orders one a request, and stores them many an insert. */
@RestController("mysqlOrderController")
@Profile("mysql")
@RequestMapping("/api/mysql/orders")
class OrderController {

    private final BatcherClient<NewOrder, Long> orders;

    OrderController(BatcherClient<NewOrder, Long> orders) {
        this.orders = orders;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CompletableFuture<Id> add(@Valid @RequestBody NewOrder order) {
        return orders.process(order).thenApply(Id::new);
    }

    record Id(long id) {}
}
