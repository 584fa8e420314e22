package io.asyncbatcher.sample.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.sample.SampleProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Windows has no SIGTERM. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SigtermTests {

    private static final int SIGTERM_EXIT_CODE = 128 + 15;
    private static final String DIGIT = "{\"features\": " + Collections.nCopies(Digit.PIXELS, 0) + "}";

    private final HttpClient http = HttpClient.newHttpClient();

    /** All are read after ONNX Runtime's own shutdown hook: it runs at once, and beside Spring's. */
    @Test
    void whatIsQueuedAtSigtermIsAnswered(@TempDir Path temporary) throws Exception {
        try (SampleProcess sample = SampleProcess.start(
                temporary,
                "--spring.profiles.active=sklearn",
                "--batcher.instances.sklearn.dispatch=fixed",
                "--batcher.instances.sklearn.max-queue-time=1h")) {
            URI uri = URI.create("http://localhost:" + sample.port());
            List<CompletableFuture<HttpResponse<String>>> answers =
                    Stream.generate(() -> send(uri)).limit(20).toList();
            await().atMost(SampleProcess.START).until(() -> isQueued(uri, 20));

            sample.terminate();

            assertThat(sample.exitCode())
                    .as(() -> String.join("\n", sample.log()))
                    .isEqualTo(SIGTERM_EXIT_CODE);
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer)
                            .succeedsWithin(Duration.ofSeconds(10))
                            .satisfies(response ->
                                    assertThat(response.statusCode()).isEqualTo(200)));
        }
    }

    private CompletableFuture<HttpResponse<String>> send(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve("/api/sklearn/predictions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(DIGIT))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private boolean isQueued(URI uri, int digits) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve("/actuator/batchers/sklearn"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body().contains("\"queued\":" + digits);
    }
}
