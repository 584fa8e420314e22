package io.asyncbatcher.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Readings sent over 64 connections, each the next after its last was answered. The value of a reading is its number,
 * so that a row tells whose it is.
 */
public final class ReadingLoad {

    private static final int CONNECTIONS = 64;
    private static final Pattern ID = Pattern.compile("\\{\"id\":(\\d+)}");

    /** The number of each reading that was answered 201, by the id of the answer. */
    public final Map<Long, Integer> created = new ConcurrentHashMap<>();

    /** What was answered otherwise. */
    public final Set<String> rejections = ConcurrentHashMap.newKeySet();

    /** Everything that was sent, answered or not. */
    public final Set<Integer> sent = ConcurrentHashMap.newKeySet();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger next = new AtomicInteger();
    private final URI uri;
    private final int requests;
    private final CompletableFuture<Void> end;

    private ReadingLoad(URI uri, int requests) {
        this.uri = uri;
        this.requests = requests;
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Void>> connections = IntStream.range(0, CONNECTIONS)
                .mapToObj(i -> CompletableFuture.runAsync(() -> connection(go), task -> new Thread(task).start()))
                .toList();
        go.countDown();
        this.end = CompletableFuture.allOf(connections.toArray(CompletableFuture[]::new));
    }

    /** Starts to send so many readings; a connection gives up where the server is gone. */
    public static ReadingLoad start(int port, String path, int requests) {
        return new ReadingLoad(URI.create("http://localhost:" + port + path), requests);
    }

    /** Is done when every connection has its last answer or has failed. */
    public CompletableFuture<Void> end() {
        return end;
    }

    /** Sends no more, and is done like {@link #end}. */
    public CompletableFuture<Void> finish() {
        next.set(requests);
        return end;
    }

    private void connection(CountDownLatch go) {
        try {
            go.await();
            for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
                send(number);
            }
        } catch (IOException e) {
            // The server is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(int number) throws IOException, InterruptedException {
        sent.add(number);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(1))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"sensor\": \"load\", \"time\": \"2026-01-01T00:00:00Z\", \"value\": " + number + "}"))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            rejections.add(response.statusCode() + " " + response.body());
            return;
        }
        Matcher matcher = ID.matcher(response.body());
        if (!matcher.matches()) {
            throw new AssertionError("An answer without an id: " + response.body());
        }
        if (created.put(Long.valueOf(matcher.group(1)), number) != null) {
            throw new AssertionError("Two readings got the id " + matcher.group(1));
        }
    }
}
