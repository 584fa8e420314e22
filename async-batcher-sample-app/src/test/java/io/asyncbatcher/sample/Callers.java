package io.asyncbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.testing.VirtualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Callers of the sample that wait for one batcher, whose time stands still: what they send at the same time shares
 * batches, however slow the machine is.
 */
public final class Callers {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final AsyncBatcher<?, ?> batcher;
    private final VirtualTime time;
    private final int port;

    public Callers(AsyncBatcher<?, ?> batcher, VirtualTime time, int port) {
        this.batcher = batcher;
        this.time = time;
        this.port = port;
    }

    /** One request for each path, all queued, and then all due. */
    public List<CompletableFuture<HttpResponse<String>>> get(Stream<String> paths) {
        return queuedThenDue(paths.map(path -> request(path)));
    }

    /** One request for each body, all queued, and then all due. */
    public List<CompletableFuture<HttpResponse<String>>> post(String path, Stream<String> bodies) {
        return queuedThenDue(bodies.map(body -> posted(path, body)));
    }

    /** The answer to a request that is rejected before it is queued. */
    public HttpResponse<String> rejected(String path) {
        return send(request(path)).join();
    }

    /** The same with a body. */
    public HttpResponse<String> rejected(String path, String body) {
        return send(posted(path, body)).join();
    }

    /** Waits until so many items are in the queue and no batch is running. */
    public void awaitQueued(int items) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            var now = batcher.snapshot();
            return now.queued() == items && now.activeBatches() == 0;
        });
    }

    public static List<HttpResponse<String>> answers(List<CompletableFuture<HttpResponse<String>>> requests) {
        return requests.stream().map(CompletableFuture::join).toList();
    }

    public static JsonNode json(HttpResponse<String> answer) {
        return new JsonMapper().readTree(answer.body());
    }

    public static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(answer).path("detail").asString()).isEqualTo(detail);
    }

    public static void assertRetryAfter(HttpResponse<String> answer, int seconds) {
        assertThat(answer.headers().firstValue("Retry-After")).hasValue(Integer.toString(seconds));
    }

    private List<CompletableFuture<HttpResponse<String>>> queuedThenDue(Stream<HttpRequest.Builder> requests) {
        batcher.pause();
        int before = batcher.snapshot().queued();
        List<CompletableFuture<HttpResponse<String>>> answers =
                requests.map(Callers::send).toList();
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> batcher.snapshot().queued() == before + answers.size());
        batcher.resume();
        time.advance(batcher.options().maxQueueTime());
        return answers;
    }

    private HttpRequest.Builder posted(String path, String body) {
        return request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofMinutes(1));
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
