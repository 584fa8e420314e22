package io.asyncbatcher.sample.kafka;

import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.config.TopicBuilder;

/** Makes the topic where it doesn't exist. */
@Configuration(proxyBeanMethods = false)
@Profile("kafka")
class EventTopicConfiguration {

    @Bean
    NewTopic eventsTopic() {
        return TopicBuilder.name(EventProducer.TOPIC)
                .partitions(3)
                // Retention counts from an event's own time: one that is too old would be gone before anybody reads it.
                .config(TopicConfig.RETENTION_MS_CONFIG, millis(7))
                .config(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, millis(1))
                .build();
    }

    private static String millis(int days) {
        return String.valueOf(Duration.ofDays(days).toMillis());
    }
}
