package io.asyncbatcher.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.TestTimes;
import io.asyncbatcher.spring.boot.settings.PlainOption;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.json.JsonContent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint, and the end of a whole application, over real HTTP. */
class BatchersEndpointTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Texts.class, Controller.class})
    static class Application {
        @Bean
        AsyncBatcher<Long, Long> declared() {
            return AsyncBatcher.<Long, Long>builder(List::copyOf)
                    .name("declared")
                    .build();
        }

        @Bean
        Function<Long, Boolean> odd() {
            return id -> id % 2 == 1;
        }

        @Bean(autowireCandidate = false)
        Executor direct() {
            return Runnable::run;
        }
    }

    static class Texts {
        @Batched(maxBatchSize = "2", maxQueueTime = "10s")
        List<String> texts(List<Long> ids) {
            return ids.stream().map(id -> "text " + id).toList();
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

    private final HttpClient http = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext run(String... args) {
        return new SpringApplication(Application.class)
                .run(Stream.concat(
                                Arrays.stream(args),
                                Stream.of(
                                        "--server.port=0",
                                        "--server.shutdown=graceful",
                                        "--management.endpoints.web.exposure.include=batchers"))
                        .toArray(String[]::new));
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path));
    }

    private HttpResponse<String> get(ConfigurableApplicationContext context, String path)
            throws IOException, InterruptedException {
        return http.send(request(context, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void allBatchersAreShownByName() throws Exception {
        try (ConfigurableApplicationContext context = run()) {
            HttpResponse<String> response = get(context, "/actuator/batchers");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(new JsonContent(response.body()))
                    .extractingPath("$.batchers")
                    .asMap()
                    .containsOnlyKeys("declared", "texts");
        }
    }

    @Test
    void oneBatcherIsShownWithItsOptionsAndWhatItIsDoing() {
        try (EndpointApplication application = EndpointApplication.run()) {
            assertThat(application.texts().processAll(List.of(1L, 2L))).succeedsWithin(TestTimes.LONG);
            assertThat(application.texts().process(3L)).isNotDone();

            HttpResponse<String> response = application.get("/actuator/batchers/texts");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(new JsonContent(response.body())).isLenientlyEqualTo("""
                            {
                              "name": "texts",
                              "options": {
                                "maxBatchSize": 2,
                                "maxQueueTime": "PT10S",
                                "concurrency": 1,
                                "maxQueueSize": 10000,
                                "overflow": "reject",
                                "maxBlockTime": "PT1S",
                                "maxBatchWeight": -1,
                                "deduplicate": false,
                                "batchTimeout": null,
                                "itemTimeout": null,
                                "shedLoad": false,
                                "priorityAgeing": "PT1S",
                                "maxAttempts": 3,
                                "retryDelay": "PT0S",
                                "maxRetryDelay": "PT1M",
                                "rateLimit": null,
                                "dispatch": "fixed"
                              },
                              "queued": 1,
                              "inFlight": 0,
                              "activeBatches": 0,
                              "abandonedBatches": 0,
                              "runningBatches": [],
                              "running": true,
                              "paused": false,
                              "dispatches": {"full": 1, "weight": 0, "linger": 0, "idle": 0, "flush": 0, "stop": 0},
                              "rejections": {"full": 0, "stopped": 0, "too-heavy": 0, "shed": 0},
                              "recentBatchSizes": [2],
                              "batchSizes": {"2": 1},
                              "outcomes": {"success": 1, "partial": 0, "failure": 0, "aborted": 0},
                              "recentFailures": []
                            }
                            """);
            assertThat(new JsonContent(response.body()))
                    .extractingPath("$.oldestQueuedAge")
                    .asString()
                    .satisfies(age -> assertThat(Duration.parse(age)).isPositive());
        }
    }

    @Test
    void aBatchThatHangsIsShownWithItsAge() throws InterruptedException {
        try (EndpointApplication application = EndpointApplication.run()) {
            application.texts().processAll(List.of(EndpointApplication.Texts.HANGS, 1L));
            application.target().hanging.await();

            JsonContent json =
                    new JsonContent(application.get("/actuator/batchers/texts").body());
            assertThat(json).extractingPath("$.activeBatches").isEqualTo(1);
            assertThat(json).extractingPath("$.runningBatches[0].size").isEqualTo(2);
            assertThat(json)
                    .extractingPath("$.runningBatches[0].age")
                    .asString()
                    .satisfies(age -> assertThat(Duration.parse(age)).isPositive());
        }
    }

    @Test
    void ofAFailureOnlyTheClassIsShown() {
        try (EndpointApplication application = EndpointApplication.run()) {
            assertThat(application.texts().processAll(List.of(EndpointApplication.Texts.FAILS, 1L)))
                    .failsWithin(TestTimes.LONG);

            String body = application.get("/actuator/batchers/texts").body();
            assertThat(new JsonContent(body))
                    .extractingPath("$.recentFailures[0].type")
                    .isEqualTo("java.lang.IllegalStateException");
            assertThat(body).doesNotContain("secret");
        }
    }

    @Test
    void itIsToldWhereEachOptionComesFrom() {
        try (EndpointApplication application =
                EndpointApplication.run("--batcher.concurrency=3", "--batcher.instances.texts.max-queue-size=7")) {
            application.texts().reconfigure(options -> options.withMaxAttempts(9));

            JsonContent texts =
                    new JsonContent(application.get("/actuator/batchers/texts").body());
            assertThat(texts).extractingPath("$.origins").asMap().hasSize(PlainOption.ALL.size());
            assertThat(texts)
                    .extractingPath("$.origins.maxBatchSize")
                    .isEqualTo("@Batched(maxBatchSize) on "
                            + "io.asyncbatcher.spring.boot.actuate.EndpointApplication$Texts.texts(List)");
            assertThat(texts)
                    .extractingPath("$.origins.concurrency")
                    .asString()
                    .startsWith("'batcher.concurrency' (from ");
            assertThat(texts)
                    .extractingPath("$.origins.maxQueueSize")
                    .asString()
                    .startsWith("'batcher.instances.texts.max-queue-size' (from ");
            assertThat(texts).extractingPath("$.origins.overflow").isEqualTo("default");
            assertThat(texts).extractingPath("$.origins.maxAttempts").isEqualTo("changed while running");

            assertThat(new JsonContent(
                            application.get("/actuator/batchers/declared").body()))
                    .extractingPath("$.origins.maxBatchSize")
                    .isEqualTo("code");
        }
    }

    @Test
    void anUnknownNameIsNotFoundAndTheKnownOnesAreNamed() throws Exception {
        try (ConfigurableApplicationContext context = run()) {
            HttpResponse<String> response = get(context, "/actuator/batchers/nothing");
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(new JsonContent(response.body()))
                    .extractingPath("$.error")
                    .isEqualTo("There is no batcher 'nothing'; there are: declared, texts");
        }
    }

    @Test
    void itIsToldWhatABatcherIsMadeOf() throws Exception {
        try (ConfigurableApplicationContext context =
                run("--batcher.instances.texts.partition-by=odd", "--batcher.instances.texts.executor=direct")) {
            JsonContent texts =
                    new JsonContent(get(context, "/actuator/batchers/texts").body());
            assertThat(texts).extractingPath("$.bean").isEqualTo(Texts.class.getName());
            assertThat(texts)
                    .extractingPath("$.method")
                    .isEqualTo("io.asyncbatcher.spring.boot.actuate.BatchersEndpointTests$Texts.texts(List)");
            assertThat(texts).extractingPath("$.itemType").isEqualTo("java.lang.Long");
            assertThat(texts).extractingPath("$.resultType").isEqualTo("java.lang.String");
            assertThat(texts)
                    .extractingPath("$.beans")
                    .asMap()
                    .containsEntry("partitionBy", "odd")
                    .containsEntry("executor", "direct")
                    .containsEntry("weigher", null)
                    .containsEntry("listener", null)
                    .containsOnlyKeys(
                            "completionExecutor",
                            "executor",
                            "isolateFailures",
                            "listener",
                            "partitionBy",
                            "prioritizeBy",
                            "weigher");

            JsonContent declared =
                    new JsonContent(get(context, "/actuator/batchers/declared").body());
            assertThat(declared).extractingPath("$.bean").isEqualTo("declared");
            assertThat(declared).extractingPath("$.method").isNull();
            assertThat(declared).extractingPath("$.itemType").isEqualTo("java.lang.Long");
            assertThat(declared).extractingPath("$.beans").asMap().isEmpty();
        }
    }

    @Test
    void anEndpointThatIsNotExposedIsNotFound() throws Exception {
        try (ConfigurableApplicationContext context = run("--management.endpoints.web.exposure.exclude=batchers")) {
            assertThat(get(context, "/actuator/batchers").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void requestsInFlightAreAnsweredWhenTheApplicationEnds() {
        ConfigurableApplicationContext context =
                run("--batcher.instances.texts.max-batch-size=100", "--batcher.instances.texts.max-queue-time=10m");
        AsyncBatcher<?, ?> texts = context.getBean("textsBatcherClient", AsyncBatcher.class);
        List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 50)
                .mapToObj(id -> http.sendAsync(
                        request(context, "/texts?id=" + id).build(), HttpResponse.BodyHandlers.ofString()))
                .toList();
        Awaitility.await().atMost(TestTimes.LONG).until(() -> texts.snapshot().queued() == 50);

        context.close();

        for (int id = 0; id < 50; id++) {
            String text = "text " + id;
            assertThat(responses.get(id)).succeedsWithin(TestTimes.LONG).satisfies(response -> {
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo(text);
            });
        }
    }
}
