package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application that ends while messages of a real AMQP broker are in flight, and one that takes over. No message is
 * lost, and none is acknowledged whose batch hasn't succeeded.
 */
class RabbitStopTests {

    private static final Log log = LogFactory.getLog(RabbitStopTests.class);
    private static final int MESSAGES = 200;

    @TempDir
    private static Path directory;

    private static AmqpBroker broker;
    private static CachingConnectionFactory connections;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = AmqpBroker.start(directory);
        connections = new CachingConnectionFactory("localhost", broker.port());
    }

    @AfterAll
    static void stopBroker() {
        connections.destroy();
        broker.close();
    }

    /** How a listener waits for the batch, and in which container. */
    enum Listener {
        ON_ITS_THREAD(Waiting.class),
        ON_A_THREAD_OF_THE_CLIENT(Waiting.class),
        BY_A_FUTURE(Later.class);

        private final Class<?> type;

        Listener(Class<?> type) {
            this.type = type;
        }

        List<String> properties() {
            return switch (this) {
                case ON_ITS_THREAD -> List.of("--spring.rabbitmq.listener.simple.concurrency=8");
                case ON_A_THREAD_OF_THE_CLIENT ->
                    List.of(
                            "--spring.rabbitmq.listener.type=direct",
                            "--spring.rabbitmq.listener.direct.consumers-per-queue=8");
                case BY_A_FUTURE ->
                    List.of(
                            "--spring.rabbitmq.listener.simple.acknowledge-mode=manual",
                            "--spring.rabbitmq.listener.simple.prefetch=30");
            };
        }

        String queue() {
            return "messages-" + name().toLowerCase(Locale.ROOT);
        }
    }

    record Waiting(Sink.Door door) {
        @RabbitListener(queues = "${queue}")
        void receive(String message) {
            door.store(message).join();
        }
    }

    record Later(Sink.Door door) {
        @RabbitListener(queues = "${queue}")
        CompletableFuture<Void> receive(String message) {
            return door.store(message);
        }
    }

    private static ConfigurableApplicationContext start(Listener listener, int holdAfter) {
        List<String> arguments = new ArrayList<>(listener.properties());
        arguments.addAll(List.of(
                "--queue=" + listener.queue(),
                "--sink.hold-after=" + holdAfter,
                "--sink.fails=true",
                "--batcher.max-queue-time=5ms",
                "--spring.rabbitmq.port=" + broker.port()));
        return new SpringApplicationBuilder(Sink.Application.class, listener.type)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void noMessageIsLostAndNoneIsAcknowledgedBeforeItsBatchHasSucceeded(Listener listener) throws Exception {
        new RabbitAdmin(connections).declareQueue(new Queue(listener.queue()));
        RabbitTemplate template = new RabbitTemplate(connections);
        Set<String> sent = new HashSet<>();
        IntStream.range(0, MESSAGES).mapToObj(i -> "message " + i).forEach(message -> {
            template.convertAndSend(listener.queue(), message);
            sent.add(message);
        });

        ConfigurableApplicationContext context = start(listener, MESSAGES / 4);
        Sink first = context.getBean(Sink.class);
        Sink.Door door = context.getBean(Sink.Door.class);
        first.awaitHeld();
        context.close();

        door.assertAllSettled();
        assertThat(first.failures()).isPositive();
        Set<String> acknowledged = new HashSet<>(sent);
        acknowledged.removeAll(takeAndPutBack(template, listener));
        assertThat(first.stored()).containsAll(acknowledged);

        context = start(listener, Integer.MAX_VALUE);
        Sink second = context.getBean(Sink.class);
        Awaitility.await()
                .atMost(RunningApplication.LONG)
                .until(() -> second.stored().size() == MESSAGES - acknowledged.size());
        context.close();

        assertThat(takeAndPutBack(template, listener)).isEmpty();
        assertThat(second.stored()).doesNotContainAnyElementsOf(acknowledged);
        Set<String> stored = new HashSet<>(first.stored());
        stored.addAll(second.stored());
        assertThat(stored).isEqualTo(sent);
        log.info(listener + ": sent " + MESSAGES + ", stored before the end "
                + first.stored().size()
                + ", of these acknowledged " + acknowledged.size() + ", stored twice "
                + (first.count() + second.count() - MESSAGES));
    }

    /** What the broker still has, because nobody acknowledged it. */
    private static Set<String> takeAndPutBack(RabbitTemplate template, Listener listener) {
        Set<String> messages = new HashSet<>();
        for (Object message = template.receiveAndConvert(listener.queue());
                message != null;
                message = template.receiveAndConvert(listener.queue())) {
            messages.add((String) message);
        }
        messages.forEach(message -> template.convertAndSend(listener.queue(), message));
        return messages;
    }
}
