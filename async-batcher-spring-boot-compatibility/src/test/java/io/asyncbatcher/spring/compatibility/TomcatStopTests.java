package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An application on Tomcat that ends while requests are in flight: each that reached its handler is answered. */
class TomcatStopTests {

    private static final int CLIENTS = 32;
    private static final int HOLD_AFTER = 300;
    private static final int VIRTUAL_THREADS_SINCE = 21;

    /** How a request waits for its result. */
    enum Handler {
        ON_NO_THREAD("/later", false),
        ON_A_PLATFORM_THREAD("/waiting", false),
        ON_A_VIRTUAL_THREAD("/waiting", true);

        private final String path;
        private final boolean virtual;

        Handler(String path, boolean virtual) {
            this.path = path;
            this.virtual = virtual;
        }

        RunningApplication start(String... properties) {
            assumeTrue(
                    !virtual || Runtime.version().feature() >= VIRTUAL_THREADS_SINCE,
                    "There are virtual threads since JDK " + VIRTUAL_THREADS_SINCE);
            String[] all = Arrays.copyOf(properties, properties.length + 1);
            all[properties.length] = "--spring.threads.virtual.enabled=" + virtual;
            return RunningApplication.start(Application.class, all);
        }

        CompletableFuture<HttpResponse<String>> send(RunningApplication application, int number) {
            return application.post(path + "?number=" + number);
        }
    }

    @EnableAutoConfiguration
    @Import({Doubles.class, Controller.class})
    static class Application {}

    /** After many items a batch waits until the context begins to close, so that requests are in flight then. */
    static class Doubles {

        private final Set<Integer> processed = ConcurrentHashMap.newKeySet();
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch closing = new CountDownLatch(1);

        @Batched
        List<Integer> doubles(List<Integer> numbers) throws InterruptedException {
            if (processed.size() > HOLD_AFTER) {
                held.countDown();
                assertThat(closing.await(RunningApplication.LONG.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
            processed.addAll(numbers);
            return numbers.stream().map(number -> 2 * number).toList();
        }

        @EventListener
        void closing(ContextClosedEvent event) {
            closing.countDown();
        }
    }

    @RestController
    static class Controller {

        private final BatcherClient<Integer, Integer> doubles;
        private final Set<Integer> submitted = ConcurrentHashMap.newKeySet();
        private final Set<Boolean> virtual = ConcurrentHashMap.newKeySet();

        Controller(BatcherClient<Integer, Integer> doubles) {
            this.doubles = doubles;
        }

        @PostMapping("/waiting")
        int waiting(@RequestParam("number") int number) {
            virtual.add(Thread.currentThread().toString().startsWith("VirtualThread"));
            return later(number).join();
        }

        @PostMapping("/later")
        CompletableFuture<Integer> later(@RequestParam("number") int number) {
            submitted.add(number);
            return doubles.process(number);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsThatWaitForCompanionsAreAnswered(Handler handler) {
        try (RunningApplication application = handler.start("--batcher.max-queue-time=10m")) {
            List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 50)
                    .mapToObj(number -> handler.send(application, number))
                    .toList();
            Awaitility.await()
                    .atMost(RunningApplication.LONG)
                    .until(() -> application.batcher("doubles").snapshot().queued() == 50);

            application.context().close();

            for (int number = 0; number < 50; number++) {
                assertThat(responses.get(number))
                        .succeedsWithin(RunningApplication.LONG)
                        .extracting(HttpResponse::body)
                        .isEqualTo(String.valueOf(2 * number));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void underLoadNoRequestThatReachedItsHandlerIsLost(Handler handler) throws InterruptedException {
        try (RunningApplication application = handler.start("--batcher.max-queue-time=5ms")) {
            Controller controller = application.context().getBean(Controller.class);
            Doubles doubles = application.context().getBean(Doubles.class);
            Map<Integer, String> answered = new ConcurrentHashMap<>();
            Map<Integer, Integer> refused = new ConcurrentHashMap<>();
            AtomicInteger sent = new AtomicInteger();
            List<CompletableFuture<Void>> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> CompletableFuture.runAsync(
                            () -> {
                                while (refused.isEmpty()) {
                                    int number = sent.getAndIncrement();
                                    try {
                                        HttpResponse<String> response = handler.send(application, number)
                                                .join();
                                        if (response.statusCode() == 200) {
                                            answered.put(number, response.body());
                                        } else {
                                            refused.put(number, response.statusCode());
                                        }
                                    } catch (CompletionException closed) {
                                        refused.put(number, 0);
                                    }
                                }
                            },
                            task -> new Thread(task, "client " + client).start()))
                    .toList();
            assertThat(doubles.held.await(RunningApplication.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();

            application.context().close();

            assertThat(CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(RunningApplication.LONG);
            assertThat(answered.keySet())
                    .containsExactlyInAnyOrderElementsOf(controller.submitted)
                    .containsExactlyInAnyOrderElementsOf(doubles.processed);
            assertThat(answered).allSatisfy((number, body) -> assertThat(body).isEqualTo(String.valueOf(2 * number)));
            // Too late for Tomcat, before any handler: closed connections, and requests that are turned away.
            assertThat(refused.values()).containsAnyOf(0, 503).doesNotContain(500);
            assertThat(answered.size() + refused.size()).isEqualTo(sent.get());
            assertThat(controller.virtual).isSubsetOf(handler.virtual);
        }
    }
}
