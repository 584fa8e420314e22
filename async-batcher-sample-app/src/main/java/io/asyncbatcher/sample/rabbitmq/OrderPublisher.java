package io.asyncbatcher.sample.rabbitmq;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Hands orders to RabbitMQ, and tells what became of each. */
@Service
@Profile("rabbitmq")
class OrderPublisher {

    static final String EXCHANGE = "orders";

    /** A queue that doesn't confirm must neither hold up its neighbours' answers nor keep the slot. */
    private static final int CONFIRM_SECONDS = 3;

    private static final CorrelationData.Confirm NO_CONFIRM = new CorrelationData.Confirm(false, "no confirm in time");

    private final RabbitTemplate rabbit;
    private final JsonMapper json;

    OrderPublisher(RabbitTemplate rabbit, JsonMapper json) {
        this.rabbit = rabbit;
        this.json = json;
        // What is returned is told to whoever sent it; the log needs no line for it.
        rabbit.setReturnsCallback(returned -> {});
    }

    /** Publishes orders one after the other on one channel, and waits once, until each is confirmed or rejected. */
    @Batched("rabbitmqOrders")
    CompletableFuture<List<Outcome<Confirmation>>> publishAll(List<NewOrder> orders) {
        List<CorrelationData> published = new ArrayList<>();
        try {
            rabbit.invoke(channel -> {
                for (NewOrder order : orders) {
                    CorrelationData correlation = new CorrelationData();
                    published.add(correlation);
                    channel.send(EXCHANGE, order.warehouse(), message(order), correlation);
                }
                return published;
            });
        } catch (AmqpException e) {
            throw new SystemUnavailableException("RabbitMQ", published.isEmpty(), e);
        }
        CompletableFuture<?>[] confirms =
                published.stream().map(CorrelationData::getFuture).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(confirms)
                .completeOnTimeout(null, CONFIRM_SECONDS, TimeUnit.SECONDS)
                .thenApply(confirmed -> IntStream.range(0, orders.size())
                        .mapToObj(i -> outcome(orders.get(i), published.get(i)))
                        .toList());
    }

    private Message message(NewOrder order) {
        return MessageBuilder.withBody(json.writeValueAsBytes(order))
                .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                .setMessageId(order.id())
                .build();
    }

    private static Outcome<Confirmation> outcome(NewOrder order, CorrelationData published) {
        if (published.getReturned() != null) {
            // RabbitMQ confirms it, too: it has done with it what it could.
            return Outcome.failure(
                    new ItemRejectedException(HttpStatus.UNPROCESSABLE_CONTENT, "There is no warehouse of that name."));
        }
        CorrelationData.Confirm confirm = published.getFuture().getNow(NO_CONFIRM);
        if (confirm.ack()) {
            return Outcome.success(new Confirmation(order.id()));
        }
        // Without a reason RabbitMQ itself says no, for a full queue perhaps; with one nobody knows.
        String reason = confirm.reason() == null ? "nack" : confirm.reason();
        return Outcome.failure(new SystemUnavailableException("RabbitMQ", false, new AmqpException(reason)));
    }
}
