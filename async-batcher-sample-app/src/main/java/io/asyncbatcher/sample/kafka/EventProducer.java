package io.asyncbatcher.sample.kafka;

import io.asyncbatcher.Outcome;
import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Service;

/** Sends events to their topic. */
@Service
@Profile("kafka")
class EventProducer {

    static final String TOPIC = "events";

    private final KafkaTemplate<String, NewEvent> kafka;

    EventProducer(KafkaTemplate<String, NewEvent> kafka) {
        this.kafka = kafka;
    }

    /**
     * Sends events with one flush and waits once, until each is confirmed or rejected. They aren't sent in a transaction:
     * in one, whatever is rejected of a batch is rejected for all of it. What falls with a rejected neighbour is sent again at
     * once, so that the events of a user keep their order.
     */
    @Batched("events")
    List<Outcome<EventPosition>> sendAll(List<NewEvent> events) throws InterruptedException {
        Map<Integer, Outcome<EventPosition>> outcomes = new TreeMap<>();
        List<Integer> left = IntStream.range(0, events.size()).boxed().toList();
        while (!left.isEmpty()) {
            List<Integer> fallen = new ArrayList<>();
            Iterator<Future<RecordMetadata>> sent =
                    sendAndFlush(left.stream().map(events::get).toList()).iterator();
            for (Integer index : left) {
                Outcome<EventPosition> outcome = outcome(sent.next());
                outcomes.put(index, outcome);
                if (outcome instanceof Outcome.Retry) {
                    fallen.add(index);
                }
            }
            left = fallen.size() < left.size() ? fallen : List.of();
        }
        return List.copyOf(outcomes.values());
    }

    private List<Future<RecordMetadata>> sendAndFlush(List<NewEvent> events) {
        return kafka.execute(producer -> {
            findTopic(producer);
            List<Future<RecordMetadata>> sent = events.stream()
                    .map(event -> producer.send(new ProducerRecord<>(TOPIC, null, event.time(), event.user(), event)))
                    .toList();
            producer.flush();
            return sent;
        });
    }

    /** Fails before anything is sent where Kafka is not to be found; otherwise each event would look for it in turn. */
    private static void findTopic(Producer<?, ?> producer) {
        try {
            producer.partitionsFor(TOPIC);
        } catch (RetriableException e) {
            throw new SystemUnavailableException("Kafka", true, e);
        }
    }

    private static Outcome<EventPosition> outcome(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            RecordMetadata stored = sent.get();
            return Outcome.success(new EventPosition(stored.topic(), stored.partition(), stored.offset()));
        } catch (ExecutionException e) {
            return failed(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static Outcome<EventPosition> failed(Throwable cause) {
        if (cause instanceof RecordTooLargeException) {
            return rejected("The text is longer than the topic takes.");
        }
        if (cause instanceof InvalidTimestampException || cause instanceof InvalidRecordException) {
            // Of several in one request Kafka only says that they are invalid. Nothing but the time can be.
            return rejected("The time is longer ago, or further ahead, than the topic takes.");
        }
        if (cause.getClass() == KafkaException.class) {
            // It fell with a neighbour that was rejected, and isn't stored. Next time the neighbour is gone.
            return Outcome.retry(new SystemUnavailableException("Kafka", false, cause));
        }
        if (cause instanceof RetriableException) {
            // The producer has tried it again until its time was over; an answer may have been lost.
            return Outcome.failure(new SystemUnavailableException("Kafka", false, cause));
        }
        return Outcome.failure(cause);
    }

    private static Outcome<EventPosition> rejected(String reason) {
        return Outcome.failure(new ItemRejectedException(HttpStatus.UNPROCESSABLE_CONTENT, reason));
    }
}
