package io.asyncbatcher.spring.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** Changing batchers through the endpoint, and their health, whose classes are others on Spring Boot 3.5. */
class EndpointTests {

    private static final String TEXTS = "/actuator/batchers/texts";
    private static final String UNRESTRICTED = "--management.endpoint.batchers.access=unrestricted";
    private static final String DETAILS = "--management.endpoint.health.show-details=";

    private final HttpClient http = HttpClient.newHttpClient();

    @EnableAutoConfiguration
    @Import(Texts.class)
    static class Application {}

    static class Texts {

        private final CountDownLatch hanging = new CountDownLatch(1);
        private final CountDownLatch gate = new CountDownLatch(1);

        @Batched("texts")
        List<String> load(List<Long> ids) throws InterruptedException {
            hanging.countDown();
            gate.await(20, TimeUnit.SECONDS);
            return ids.stream().map(id -> "text " + id).toList();
        }
    }

    private static ConfigurableApplicationContext run(String... args) {
        return SpringApplication.run(
                Application.class,
                Stream.concat(
                                Stream.of(args),
                                Stream.of(
                                        "--server.port=0",
                                        "--management.endpoints.web.exposure.include=batchers,health"))
                        .toArray(String[]::new));
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path));
    }

    private HttpResponse<String> send(ConfigurableApplicationContext context, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(context, path);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static AsyncBatcher<?, ?> texts(ConfigurableApplicationContext context) {
        return context.getBean("textsBatcherClient", AsyncBatcher.class);
    }

    @Test
    void optionsAreRetunedAllOrNone() throws Exception {
        try (ConfigurableApplicationContext context = run(UNRESTRICTED)) {
            HttpResponse<String> retuned =
                    send(context, TEXTS, "{\"maxBatchSize\": 200, \"maxQueueTime\": \"5ms\", \"batchTimeout\": null}");
            assertThat(retuned.statusCode()).isEqualTo(200);
            assertThat(retuned.body()).contains("\"maxBatchSize\":200", "\"maxBatchSize\":\"endpoint at ");
            assertThat(texts(context).options().maxQueueTime()).isEqualTo(Duration.ofMillis(5));

            HttpResponse<String> refused = send(context, TEXTS, "{\"maxBatchSize\": 7, \"concurrency\": \"some\"}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("concurrency of batcher 'texts' must be a whole number, but is 'some'");
            assertThat(texts(context).options().maxBatchSize()).isEqualTo(200);

            assertThat(send(context, TEXTS, "{\"maxBatchSise\": 7}").statusCode())
                    .isEqualTo(400);
            assertThat(send(context, "/actuator/batchers/none", "{\"maxBatchSize\": 7}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void whatIsWrongIsToldAndDeletePutsTheConfiguredValuesBack() throws Exception {
        try (ConfigurableApplicationContext context = run(UNRESTRICTED)) {
            HttpResponse<String> unreadable = send(context, TEXTS, "{\"maxBatchSize\": {\"a\": 1}}");
            assertThat(unreadable.statusCode()).isEqualTo(400);
            assertThat(unreadable.body()).contains("The body can't be read");

            HttpResponse<String> unknown = send(context, "/actuator/batchers/none", null);
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains("There is no batcher 'none'; there are: texts");

            send(context, TEXTS, "{\"maxBatchSize\": 200}");
            HttpResponse<String> reset =
                    http.send(request(context, TEXTS).DELETE().build(), HttpResponse.BodyHandlers.ofString());
            assertThat(reset.statusCode()).isEqualTo(200);
            assertThat(texts(context).options().maxBatchSize()).isEqualTo(100);
        }
    }

    @Test
    void aBatcherIsPausedAndResumed() throws Exception {
        try (ConfigurableApplicationContext context = run(UNRESTRICTED)) {
            assertThat(send(context, TEXTS + "/pause", "{}").statusCode()).isEqualTo(200);
            assertThat(texts(context).snapshot().paused()).isTrue();
            assertThat(send(context, TEXTS + "/resume", "{}").statusCode()).isEqualTo(200);
            assertThat(texts(context).snapshot().paused()).isFalse();
            assertThat(send(context, TEXTS + "/stop", "{}").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void nothingIsWrittenUnlessTheOperatorLetsIt() throws Exception {
        try (ConfigurableApplicationContext context = run()) {
            assertThat(send(context, TEXTS, "{\"maxBatchSize\": 7}").statusCode())
                    .isEqualTo(405);
            assertThat(texts(context).options().maxBatchSize()).isEqualTo(100);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void healthTellsOfABatchThatIsStuck() throws Exception {
        try (ConfigurableApplicationContext context =
                run(DETAILS + "always", "--batcher.health.stuck-after=1ns", "--batcher.max-queue-time=0")) {
            assertThat(send(context, "/actuator/health", null).body()).contains("\"batchers\":{\"status\":\"UP\"");

            Texts target = context.getBean(Texts.class);
            ((AsyncBatcher<Long, String>) texts(context)).process(1L);
            target.hanging.await();

            HttpResponse<String> stuck = send(context, "/actuator/health/batchers", null);
            assertThat(stuck.statusCode()).isEqualTo(503);
            assertThat(stuck.body()).contains("\"status\":\"DOWN\"", "\"details\":{\"texts\":{\"stuckBatches\":1}}");
            target.gate.countDown();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void detailsOfHealthAreHiddenWhereTheyAreToBe() throws Exception {
        try (ConfigurableApplicationContext context = run(
                DETAILS + "never",
                "--management.endpoint.health.show-components=always",
                "--batcher.health.stuck-after=1ns",
                "--batcher.max-queue-time=0")) {
            Texts target = context.getBean(Texts.class);
            ((AsyncBatcher<Long, String>) texts(context)).process(1L);
            target.hanging.await();

            assertThat(send(context, "/actuator/health/batchers", null).body()).isEqualTo("{\"status\":\"DOWN\"}");
            target.gate.countDown();
        }
    }

    @Test
    void healthCanBeSwitchedOff() throws Exception {
        try (ConfigurableApplicationContext context =
                run(DETAILS + "always", "--management.health.batchers.enabled=false")) {
            assertThat(send(context, "/actuator/health", null).body())
                    .contains("\"ping\"")
                    .doesNotContain("batchers");
        }
    }
}
