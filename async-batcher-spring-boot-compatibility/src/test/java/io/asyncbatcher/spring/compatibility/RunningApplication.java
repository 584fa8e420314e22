package io.asyncbatcher.spring.compatibility;

import io.asyncbatcher.AsyncBatcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application on a port of its own, and somebody who speaks HTTP with it. */
final class RunningApplication implements AutoCloseable {

    /** A bound on waits for real threads: far above what is needed, so that only a hang reaches it. */
    static final Duration LONG = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;
    private final String address;

    private RunningApplication(ConfigurableApplicationContext context) {
        this.context = context;
        this.address = "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
    }

    static RunningApplication start(Class<?> source, String... properties) {
        return new RunningApplication(SpringApplication.run(
                source,
                Stream.concat(
                                Stream.of(
                                        "--server.port=0",
                                        "--server.shutdown=graceful",
                                        "--management.endpoints.web.exposure.include=batchers,metrics",
                                        "--spring.main.banner-mode=off"),
                                Stream.of(properties))
                        .toArray(String[]::new)));
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    @SuppressWarnings("unchecked")
    <T, R> AsyncBatcher<T, R> batcher(String name) {
        return context.getBean(name + "BatcherClient", AsyncBatcher.class);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends what the client doesn't send again by itself. */
    CompletableFuture<HttpResponse<String>> post(String path) {
        return http.sendAsync(
                request(path).POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    @Override
    public void close() {
        context.close();
    }
}
