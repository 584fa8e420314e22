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
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A whole application on one line of Spring Boot, with the starter as it was built for the newest one. */
@ExtendWith(OutputCaptureExtension.class)
class CompatibilityTests {

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

    @Test
    void theLineIsTheOneThatTheBuildNames() {
        assertThat(System.getProperty("compatibility.line")).isEqualTo(SpringBootVersion.getVersion());
    }

    @Test
    void clientsMetersAndEndpointWork() throws Exception {
        try (RunningApplication application =
                RunningApplication.start(Application.class, "--batcher.max-queue-time=0")) {
            assertThat(application.get("/texts?id=7").body()).isEqualTo("text 7");
            assertThat(application.batcher("reactive").process(8L))
                    .succeedsWithin(RunningApplication.LONG)
                    .isEqualTo("text 8");
            assertThat(application
                            .context()
                            .getBean(MeterRegistry.class)
                            .get("batcher.item.latency")
                            .tags("batcher", "texts", "outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(application
                            .get("/actuator/metrics/batcher.queue.time?tag=batcher:texts")
                            .body())
                    .contains("{\"statistic\":\"COUNT\",\"value\":1");
            assertThat(application.get("/actuator/batchers/texts").body())
                    .contains("\"maxQueueTime\":\"PT0S\"", "\"recentBatchSizes\":[1]", "\"idle\":1");
            assertThat(application.get("/actuator/batchers/none").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aRejectedItemIsRespondedToWithAProblemDetail() throws Exception {
        try (RunningApplication application = RunningApplication.start(Application.class)) {
            application.batcher("texts").stop(false).join();

            HttpResponse<String> response = application.get("/texts?id=7");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(response.body())
                    .contains("\"detail\":\"Shutting down; the request had no effect and can be sent again.\"");
        }
    }

    @Test
    void everyWayToABatcherWorks() throws Exception {
        try (RunningApplication application =
                RunningApplication.start(TextsApplication.class, "--batcher.max-queue-time=0")) {
            assertThat(application.get("/all?id=7").body()).isEqualTo("text 7, text 7, title 7");
        }
    }

    @Test
    void everyKindOfOptionIsSetAndRefreshed(CapturedOutput output) {
        try (RunningApplication application = RunningApplication.start(
                Application.class,
                "--batcher.max-queue-time=10m",
                "--batcher.dispatch=adaptive",
                "--batcher.rate-limit=100/1s",
                "--batcher.batch-timeout=-1",
                "--batcher.instances.texts.weigher=weigher",
                "--batcher.instances.texts.max-batch-weight=10")) {
            AsyncBatcher<Long, String> texts = application.batcher("texts");
            assertThat(texts.options())
                    .isEqualTo(BatcherOptions.defaults()
                            .withName("texts")
                            .withMaxQueueTime(Duration.ofMinutes(10))
                            .withDispatch(DispatchMode.ADAPTIVE)
                            .withRateLimit(100, Duration.ofSeconds(1))
                            .withMaxBatchWeight(10));
            assertThat(texts.process(11L))
                    .failsWithin(RunningApplication.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(ItemTooHeavyException.class);

            EnvironmentManager environment = application.context().getBean(EnvironmentManager.class);
            environment.setProperty("batcher.instances.texts.max-batch-weight", "20");
            assertThat(texts.process(11L))
                    .succeedsWithin(RunningApplication.LONG)
                    .isEqualTo("text 11");
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
                .isThrownBy(() -> RunningApplication.start(Application.class, "--batcher.partition-by=ofStrings")
                        .close());
        assertThat(output)
                .contains("Batcher 'texts' is to use the bean 'ofStrings' that 'batcher.partition-by' (from"
                        + " \"batcher.partition-by\" from property source \"commandLineArgs\") names, but it is no"
                        + " Function<java.lang.Long, ?>.");
    }

    @Test
    void theSynchronousModeRunsBatchesOnTheirCallersThreads() {
        try (RunningApplication application =
                RunningApplication.start(Application.class, "--batcher.synchronous=true")) {
            assertThat(application.batcher("texts").process(7L)).isCompletedWithValue("text 7");
            assertThat(application.batcher("reactive").process(8L)).isCompletedWithValue("text 8");
        }
    }

    @Test
    void anUnknownPropertyStopsTheStart(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> RunningApplication.start(Application.class, "--batcher.max-size=3")
                        .close());
        assertThat(output).contains("There are no such properties:", "'batcher.max-size'");
    }

    @Test
    void aClientThatNoMethodProvidesStopsTheStart(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> RunningApplication.start(WithoutMethod.class).close());
        assertThat(output)
                .contains("required a BatcherClient<Long, String>, which no @Batched method provides. There are no"
                        + " batchers.");
    }

    @EnableAutoConfiguration
    @Import(Controller.class)
    static class WithoutMethod {}
}
