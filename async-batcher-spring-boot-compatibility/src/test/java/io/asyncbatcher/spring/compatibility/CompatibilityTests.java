package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.RateLimit;
import io.asyncbatcher.spring.Batched;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A whole application on one line of Spring Boot, with the starter as it was built for the newest one. */
@ExtendWith(OutputCaptureExtension.class)
class CompatibilityTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();

    @EnableAutoConfiguration
    @Import({Texts.class, Controller.class})
    static class Application {
        @Bean
        ToLongFunction<Object> weigher() {
            return item -> (Long) item;
        }

        @Bean
        Function<String, String> ofStrings() {
            return item -> item;
        }
    }

    static class Texts {
        @Batched("texts")
        List<String> load(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
        }

        @Batched
        Mono<List<String>> reactive(List<Long> ids) {
            return Mono.fromSupplier(() -> load(ids));
        }
    }

    @RestController
    static class Controller {

        private final BatcherClient<Long, String> texts;

        Controller(BatcherClient<Long, String> texts) {
            this.texts = texts;
        }

        @GetMapping("/texts")
        CompletableFuture<String> text(@RequestParam("id") Long id) {
            return texts.process(id);
        }
    }

    private static ConfigurableApplicationContext run(Class<?> source, String... args) {
        return SpringApplication.run(
                source,
                Stream.concat(
                                Stream.of(args),
                                Stream.of(
                                        "--server.port=0",
                                        "--server.shutdown=graceful",
                                        "--management.endpoints.web.exposure.include=batchers"))
                        .toArray(String[]::new));
    }

    private static HttpRequest request(ConfigurableApplicationContext context, String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path))
                .build();
    }

    @SuppressWarnings("unchecked")
    private static AsyncBatcher<Long, String> batcher(ConfigurableApplicationContext context, String name) {
        return context.getBean(name + "BatcherClient", AsyncBatcher.class);
    }

    @Test
    void clientsMetersAndEndpointWork() throws Exception {
        try (ConfigurableApplicationContext context = run(Application.class, "--batcher.max-queue-time=0")) {
            HttpResponse<String> text =
                    http.send(request(context, "/texts?id=7"), HttpResponse.BodyHandlers.ofString());
            assertThat(text.body()).isEqualTo("text 7");
            assertThat(batcher(context, "reactive").process(8L))
                    .succeedsWithin(LONG)
                    .isEqualTo("text 8");
            assertThat(context.getBean(MeterRegistry.class)
                            .get("batcher.item.latency")
                            .tags("batcher", "texts", "outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(http.send(request(context, "/actuator/batchers/texts"), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("\"maxQueueTime\":\"PT0S\"", "\"recentBatchSizes\":[1]", "\"idle\":1");
            assertThat(http.send(request(context, "/actuator/batchers/none"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void everyWayToABatcherWorks() throws Exception {
        try (ConfigurableApplicationContext context = run(TextsApplication.class, "--batcher.max-queue-time=0")) {
            assertThat(http.send(request(context, "/all?id=7"), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("text 7, text 7, title 7");
        }
    }

    @Test
    void requestsInFlightAreAnsweredWhenTheApplicationEnds() {
        ConfigurableApplicationContext context = run(Application.class, "--batcher.max-queue-time=10m");
        AsyncBatcher<Long, String> texts = batcher(context, "texts");
        List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 50)
                .mapToObj(
                        id -> http.sendAsync(request(context, "/texts?id=" + id), HttpResponse.BodyHandlers.ofString()))
                .toList();
        Awaitility.await().atMost(LONG).until(() -> texts.snapshot().queued() == 50);

        context.close();

        for (int id = 0; id < 50; id++) {
            assertThat(responses.get(id))
                    .succeedsWithin(LONG)
                    .extracting(HttpResponse::body)
                    .isEqualTo("text " + id);
        }
    }

    @Test
    void everyKindOfOptionIsSetAndRefreshed(CapturedOutput output) {
        try (ConfigurableApplicationContext context = run(
                Application.class,
                "--batcher.max-queue-time=10m",
                "--batcher.dispatch=adaptive",
                "--batcher.rate-limit=100/1s",
                "--batcher.batch-timeout=-1",
                "--batcher.instances.texts.weigher=weigher",
                "--batcher.instances.texts.max-batch-weight=10")) {
            AsyncBatcher<Long, String> texts = batcher(context, "texts");
            assertThat(texts.options())
                    .isEqualTo(BatcherOptions.defaults()
                            .withName("texts")
                            .withMaxQueueTime(Duration.ofMinutes(10))
                            .withDispatch(DispatchMode.ADAPTIVE)
                            .withRateLimit(100, Duration.ofSeconds(1))
                            .withMaxBatchWeight(10));
            assertThat(texts.process(11L))
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(ItemTooHeavyException.class);

            EnvironmentManager environment = context.getBean(EnvironmentManager.class);
            environment.setProperty("batcher.instances.texts.max-batch-weight", "20");
            assertThat(texts.process(11L)).succeedsWithin(LONG).isEqualTo("text 11");
            environment.setProperty("batcher.rate-limit", "often");
            assertThat(texts.options().rateLimit()).isEqualTo(new RateLimit(100, Duration.ofSeconds(1)));
            assertThat(output)
                    .contains("Batcher 'texts' goes on with the settings that it has. The value of 'batcher.rate-limit'"
                            + " (from \"batcher.rate-limit\" from property source \"manager\") is not allowed");
        }
    }

    @Test
    void aFunctionOfOtherItemsStopsTheStart(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> run(Application.class, "--batcher.partition-by=ofStrings")
                        .close());
        assertThat(output)
                .contains("Batcher 'texts' is to use the bean 'ofStrings' that 'batcher.partition-by' (from"
                        + " \"batcher.partition-by\" from property source \"commandLineArgs\") names, but it is no"
                        + " Function<java.lang.Long, ?>.");
    }

    @Test
    void theSynchronousModeRunsBatchesOnTheirCallersThreads() {
        try (ConfigurableApplicationContext context = run(Application.class, "--batcher.synchronous=true")) {
            assertThat(batcher(context, "texts").process(7L)).isCompletedWithValue("text 7");
            assertThat(batcher(context, "reactive").process(8L)).isCompletedWithValue("text 8");
        }
    }

    @Test
    void anUnknownPropertyStopsTheStart(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> run(Application.class, "--batcher.max-size=3").close());
        assertThat(output).contains("There are no such properties:", "'batcher.max-size'");
    }

    @Test
    void aClientThatNoMethodProvidesStopsTheStart(CapturedOutput output) {
        assertThatException().isThrownBy(() -> run(WithoutMethod.class).close());
        assertThat(output)
                .contains("required a BatcherClient<Long, String>, which no @Batched method provides. There are no"
                        + " batchers.");
    }

    @EnableAutoConfiguration
    @Import(Controller.class)
    static class WithoutMethod {}
}
