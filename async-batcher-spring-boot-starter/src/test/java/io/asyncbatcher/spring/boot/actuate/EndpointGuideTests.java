package io.asyncbatcher.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.boot.TestTimes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.json.JsonContent;

/** What the page of the endpoint shows is what an application with the page's own configuration answers. */
class EndpointGuideTests {

    private static final Path PAGE = Path.of("../docs/endpoint.md");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Prices prices() {
            return new Prices();
        }
    }

    static class Prices {

        private final CountDownLatch gate = new CountDownLatch(1);

        @Batched(name = "prices", maxQueueSize = "10000")
        List<Long> findAll(List<Long> skus) throws Exception {
            if (skus.size() == 5) {
                throw new SQLTransientException("secret");
            }
            if (skus.size() == 200) {
                gate.await(TestTimes.LONG.toSeconds(), TimeUnit.SECONDS);
            }
            return skus;
        }
    }

    /** The blocks of a language on the page, in their order. */
    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** All the YAML of the page, but for the address to keep away from. */
    private ConfigurableApplicationContext run() throws IOException {
        String documents = String.join(
                "---\n",
                blocks("yaml").stream().filter(block -> !block.contains("9001")).toList());
        // First what lines are shown of.
        String batcher = blocks("yaml").stream()
                .filter(block -> block.startsWith("batcher:"))
                .findFirst()
                .orElseThrow();
        Files.writeString(directory.resolve("application.yml"), batcher + "---\n" + documents.replace(batcher, ""));
        return new SpringApplication(Application.class)
                .run(
                        "--server.port=0",
                        "--spring.config.location=" + directory.toUri(),
                        "--management.endpoint.health.show-details=always",
                        "--batcher.health.stuck-after=1ns",
                        "--batcher.health.full-after=1ns");
    }

    private HttpResponse<String> send(ConfigurableApplicationContext context, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static CompletableFuture<?> submit(AsyncBatcher<Long, Long> batcher, int count) {
        return batcher.processAll(LongStream.range(0, count).boxed().toList());
    }

    @Test
    void thePageShowsRealAnswers() throws Exception {
        try (ConfigurableApplicationContext context = run()) {
            try {
                thePageShowsTheAnswersOf(context);
            } finally {
                context.getBean(Prices.class).gate.countDown();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void thePageShowsTheAnswersOf(ConfigurableApplicationContext context) throws Exception {
        AsyncBatcher<Long, Long> prices = context.getBean("pricesBatcherClient", AsyncBatcher.class);
        prices.reconfigure(options -> options.withMaxQueueTime(TestTimes.LONG));
        assertThat(submit(prices, 100)).succeedsWithin(TestTimes.LONG);
        CompletableFuture<?> flushed = submit(prices, 37);
        prices.flush();
        assertThat(flushed).succeedsWithin(TestTimes.LONG);
        CompletableFuture<?> failed = submit(prices, 5);
        prices.flush();
        assertThat(failed).failsWithin(TestTimes.LONG);

        String retune = Pattern.compile("-d '(.*?)'")
                .matcher(String.join("", blocks("console")))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        assertThat(send(context, "/actuator/batchers/prices", retune).statusCode())
                .isEqualTo(200);
        prices.pause(); // so that all 200 are one batch, however long it takes to submit them
        submit(prices, 200);
        prices.resume();
        Awaitility.await().atMost(TestTimes.LONG).until(() -> prices.snapshot().inFlight() == 200);
        submit(prices, 3);

        String shown = send(context, "/actuator/batchers/prices", null).body();
        assertThat(new JsonContent(comparable(shown)))
                .isStrictlyEqualTo(comparable(blocks("json").get(0)));
        assertThat(fields(shown)).isEqualTo(fields(blocks("json").get(0)));

        HttpResponse<String> refusal = send(context, "/actuator/batchers/prices", "{\"maxBatchSize\": 0}");
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(new JsonContent(refusal.body()))
                .isStrictlyEqualTo(blocks("json").get(1));

        submit(prices, 9_997);
        send(context, "/actuator/health/batchers", null); // the first check that sees it full
        assertThat(new JsonContent(
                        send(context, "/actuator/health/batchers", null).body()))
                .isStrictlyEqualTo(blocks("json").get(2));
    }

    /** Without what differs from run to run: times, after the options, and the places of files and classes. */
    private String comparable(String json) {
        int origins = json.indexOf("\"origins\"");
        return json.substring(0, origins).replace(Prices.class.getName(), "com.example.Prices")
                + json.substring(origins)
                        .replaceAll("PT[0-9.]+S", "PT1S")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "2026-01-01T00:00:00Z")
                        .replaceAll("URL \\[[^\\]]*/application.yml]", "class path resource [application.yml]")
                        .replace(Prices.class.getName(), "com.example.Prices");
    }

    /** The names of all fields, in their order. */
    private static List<String> fields(String json) {
        return Pattern.compile("\"([A-Za-z-]+)\"\\s*:")
                .matcher(json)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
