package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * An application that ends while messages of a real Kafka broker are in flight, and one that takes over. No message is
 * lost, and none is acknowledged whose batch hasn't succeeded.
 */
class KafkaStopTests {

    private static final Log log = LogFactory.getLog(KafkaStopTests.class);
    private static final int PARTITIONS = 4;
    private static final int MESSAGES = 200;

    private static final EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);

    @BeforeAll
    static void startBroker() {
        broker.afterPropertiesSet();
    }

    @AfterAll
    static void stopBroker() {
        broker.destroy();
    }

    /** How a listener waits for the batch. */
    enum Listener {
        ON_ITS_THREAD(Waiting.class, false),
        FOR_ALL_OF_A_POLL(WaitingForMany.class, false),
        BY_A_FUTURE(Later.class, true);

        private final Class<?> type;
        private final boolean async;

        Listener(Class<?> type, boolean async) {
            this.type = type;
            this.async = async;
        }

        String topic() {
            return "messages-" + name().toLowerCase(Locale.ROOT);
        }
    }

    record Waiting(Sink.Door door) {
        @KafkaListener(topics = "${topic}", groupId = "${topic}")
        void receive(String message) {
            door.store(message).join();
        }
    }

    record WaitingForMany(Sink.Door door) {
        @KafkaListener(topics = "${topic}", groupId = "${topic}", batch = "true")
        void receive(List<String> messages) {
            door.storeAll(messages).join();
        }
    }

    record Later(Sink.Door door) {
        @KafkaListener(topics = "${topic}", groupId = "${topic}")
        CompletableFuture<Void> receive(String message) {
            return door.store(message);
        }
    }

    private static ConfigurableApplicationContext start(Listener listener, int holdAfter) {
        return new SpringApplicationBuilder(Sink.Application.class, listener.type)
                .web(WebApplicationType.NONE)
                .run(
                        "--topic=" + listener.topic(),
                        "--sink.hold-after=" + holdAfter,
                        // Spring Kafka acknowledges the message of a failed future before it tries it again.
                        "--sink.fails=" + !listener.async,
                        "--batcher.max-queue-time=5ms",
                        "--spring.kafka.bootstrap-servers=" + broker.getBrokersAsString(),
                        "--spring.kafka.listener.concurrency=" + PARTITIONS,
                        "--spring.kafka.consumer.max-poll-records=10",
                        "--spring.kafka.consumer.auto-offset-reset=earliest");
    }

    @ParameterizedTest
    @EnumSource
    void noMessageIsLostAndNoneIsAcknowledgedBeforeItsBatchHasSucceeded(Listener listener) throws Exception {
        broker.addTopics(listener.topic());
        Map<String, RecordMetadata> sent = send(listener.topic());

        ConfigurableApplicationContext context = start(listener, MESSAGES / 4);
        Sink first = context.getBean(Sink.class);
        Sink.Door door = context.getBean(Sink.Door.class);
        first.awaitHeld();
        context.close();

        door.assertAllSettled();
        assertThat(first.failures()).matches(failures -> listener.async || failures > 0);
        Set<String> acknowledged = acknowledged(listener, sent);
        assertThat(first.stored()).containsAll(acknowledged);

        context = start(listener, Integer.MAX_VALUE);
        Sink second = context.getBean(Sink.class);
        Awaitility.await()
                .atMost(RunningApplication.LONG)
                .until(() -> acknowledged(listener, sent).size() == MESSAGES);
        context.close();

        assertThat(second.stored()).doesNotContainAnyElementsOf(acknowledged);
        Set<String> stored = new HashSet<>(first.stored());
        stored.addAll(second.stored());
        assertThat(stored).isEqualTo(sent.keySet());
        int redelivered = first.count() + second.count() - MESSAGES;
        log.info(listener + ": sent " + MESSAGES + ", stored before the end "
                + first.stored().size() + ", of these acknowledged " + acknowledged.size() + ", stored twice "
                + redelivered);
        // A poll comes again as a whole, also where only one of the batches that it fell into has failed.
        assertThat(redelivered).matches(twice -> listener != Listener.ON_ITS_THREAD || twice == 0);
    }

    private static Map<String, RecordMetadata> send(String topic) throws Exception {
        Map<String, RecordMetadata> sent = new LinkedHashMap<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.getBrokersAsString()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < MESSAGES; i++) {
                String message = "message " + i;
                sent.put(
                        message,
                        producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, message))
                                .get());
            }
        }
        return sent;
    }

    /** What the group has acknowledged: Kafka keeps an offset for each partition, below which all is. */
    private static Set<String> acknowledged(Listener listener, Map<String, RecordMetadata> sent)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.getBrokersAsString()))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(listener.topic())
                    .partitionsToOffsetAndMetadata()
                    .get();
            return sent.entrySet().stream()
                    .filter(message -> {
                        RecordMetadata place = message.getValue();
                        OffsetAndMetadata offset = offsets.get(new TopicPartition(place.topic(), place.partition()));
                        return offset != null && place.offset() < offset.offset();
                    })
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }
    }
}
