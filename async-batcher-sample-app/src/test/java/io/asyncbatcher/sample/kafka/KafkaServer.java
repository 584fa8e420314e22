package io.asyncbatcher.sample.kafka;

import java.util.List;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

/** A Kafka in this JVM, and the application's way to it. */
@TestConfiguration(proxyBeanMethods = false)
@Profile("kafka")
class KafkaServer {

    @Bean
    KafkaBroker kafkaBroker() {
        return new KafkaBroker();
    }

    @Bean
    KafkaConnectionDetails kafkaConnection(KafkaBroker broker) {
        return () -> List.of(broker.address());
    }
}
