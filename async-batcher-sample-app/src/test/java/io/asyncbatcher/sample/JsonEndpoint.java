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

/** Posts JSON to one path of the running sample, each text over a connection of its own. */
public final class JsonEndpoint {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;

    public JsonEndpoint(int port, String path) {
        this.uri = URI.create("http://localhost:" + port + path);
    }

    public CompletableFuture<HttpResponse<String>> sendAsync(String json) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept-Language", "en")
                .timeout(LONG)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String json) {
        return sendAsync(json).join();
    }

    /** Sends requests at once, and holds the batcher until all of them are queued. Answer i belongs to text i. */
    public List<HttpResponse<String>> sendTogether(AsyncBatcher<?, ?> batcher, List<String> json) {
        batcher.pause();
        try {
            List<CompletableFuture<HttpResponse<String>>> answers =
                    json.stream().map(this::sendAsync).toList();
            await().atMost(LONG).until(() -> batcher.snapshot().queued() == json.size());
            batcher.resume();
            return answers.stream().map(CompletableFuture::join).toList();
        } finally {
            batcher.resume();
        }
    }
}
