package io.asyncbatcher.sample.rabbitmq;

import java.io.IOException;
import java.util.List;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

/** A broker in this JVM that speaks RabbitMQ's protocol, and the application's way to it. */
@TestConfiguration(proxyBeanMethods = false)
@Profile("rabbitmq")
class RabbitServer {

    @Bean
    AmqpBroker amqpBroker() throws Exception {
        return AmqpBroker.start();
    }

    @Bean
    AmqpRelay amqpRelay(AmqpBroker broker) throws IOException {
        return AmqpRelay.to(broker.port());
    }

    @Bean
    RabbitConnectionDetails rabbitConnection(AmqpRelay relay) {
        return () -> List.of(new RabbitConnectionDetails.Address("127.0.0.1", relay.port()));
    }
}
