package io.asyncbatcher.sample.rabbitmq;

import java.util.List;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Makes an exchange for orders and a queue for each warehouse, where RabbitMQ doesn't have them. */
@Configuration(proxyBeanMethods = false)
@Profile("rabbitmq")
class WarehouseQueueConfiguration {

    @Bean
    Declarables orderQueues() {
        DirectExchange orders = new DirectExchange(OrderPublisher.EXCHANGE);
        Queue north = new Queue("orders.north");
        Queue south = new Queue("orders.south");
        Binding toNorth = BindingBuilder.bind(north).to(orders).with("north");
        Binding toSouth = BindingBuilder.bind(south).to(orders).with("south");
        return new Declarables(List.of(orders, north, south, toNorth, toSouth));
    }
}
