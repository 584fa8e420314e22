package io.asyncbatcher.sample;

import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Sends requests to the running sample without waiting for their answers, so that many are under way at once. */
public final class SampleClient {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    public SampleClient(int port) {
        this.base = "http://localhost:" + port;
    }

    public CompletableFuture<Answer> get(String path) {
        return send(request(path).GET());
    }

    public CompletableFuture<Answer> post(String path, String json) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public CompletableFuture<Answer> put(String path, String json) {
        return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** The answers to requests that are all sent at once; answer i belongs to request i. */
    public static List<Answer> all(int count, IntFunction<CompletableFuture<Answer>> request) {
        List<CompletableFuture<Answer>> answers =
                IntStream.range(0, count).mapToObj(request).toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    /** The same, where none of the requests is answered before all of their items are queued. */
    public static List<Answer> together(
            AsyncBatcher<?, ?> batcher, int count, IntFunction<CompletableFuture<Answer>> request) {
        batcher.pause();
        try {
            List<CompletableFuture<Answer>> answers =
                    IntStream.range(0, count).mapToObj(request).toList();
            await().until(() -> batcher.snapshot().queued() == count);
            batcher.resume();
            return answers.stream().map(CompletableFuture::join).toList();
        } finally {
            batcher.resume();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofMinutes(1))
                .header("Accept-Language", "en")
                .header("Content-Type", "application/json");
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        response.headers().firstValue("Content-Type").orElse(""),
                        response.body()));
    }

    /** What came back. */
    public record Answer(int status, String type, String body) {}
}
