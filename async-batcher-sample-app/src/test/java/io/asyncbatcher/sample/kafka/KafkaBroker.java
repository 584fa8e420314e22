package io.asyncbatcher.sample.kafka;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A Kafka of one node on a free port of the loopback interface, which takes records up to a size that is soon reached. */
final class KafkaBroker extends EmbeddedKafkaKraftBroker {

    private static final String PRODUCE_REQUESTS =
            "kafka.network:type=RequestMetrics,name=RequestsPerSec,request=Produce,*";

    KafkaBroker() {
        super(1, 1);
        brokerProperty("message.max.bytes", "12000");
        // One that is started again is let in when the session that it had before is over.
        brokerProperty("broker.heartbeat.interval.ms", "200");
        brokerProperty("broker.session.timeout.ms", "3000");
        // By default the address becomes a system property that any other context would find, too.
        brokerListProperty("kafka-broker.address");
    }

    String address() {
        return getBrokersAsString();
    }

    void stop() {
        broker().shutdown();
    }

    /** On the same port, with all that it had. */
    void startAgain() {
        broker().startup();
    }

    private BrokerServer broker() {
        return Objects.requireNonNull(getCluster()).brokers().get(0);
    }

    /** The produce requests that it has counted since it was started. */
    long produceRequests() throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        long requests = 0;
        for (ObjectName name : beans.queryNames(new ObjectName(PRODUCE_REQUESTS), null)) {
            requests += (Long) beans.getAttribute(name, "Count");
        }
        return requests;
    }

    /** Everything in the topic of events. */
    Map<EventPosition, ConsumerRecord<String, String>> records() {
        Map<EventPosition, ConsumerRecord<String, String>> records = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", address()), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(EventProducer.TOPIC).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(record -> records.put(
                                new EventPosition(record.topic(), record.partition(), record.offset()), record));
            }
        }
        return records;
    }
}
