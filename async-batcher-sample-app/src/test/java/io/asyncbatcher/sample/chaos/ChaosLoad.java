package io.asyncbatcher.sample.chaos;

import io.asyncbatcher.sample.chaos.Answer.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Clients that write readings, one a request, each the next after its last was answered. The sensor of a reading is its
 * key, which is never sent twice.
 */
final class ChaosLoad {

    static final int CLIENTS = 64;

    /** Longer than the item timeout of the sample. */
    static final Duration BOUND = Duration.ofSeconds(15);

    private static final long PAUSE_WHEN_REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<Kind, Integer> counts = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final URI uri;
    private final String keys;
    private final List<Thread> clients;
    private volatile boolean ended;

    private ChaosLoad(int port, String keys) {
        this.uri = URI.create("http://localhost:" + port + "/api/readings");
        this.keys = keys;
        this.clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> new Thread(this::client, "client " + i))
                .toList();
    }

    /** Starts to send readings whose keys begin with the text. */
    static ChaosLoad start(int port, String keys) {
        ChaosLoad load = new ChaosLoad(port, keys);
        load.clients.forEach(Thread::start);
        return load;
    }

    /** How many requests have ended in that way so far. */
    int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** Sends no more, waits for the last answers, and gives all of them by the key. */
    Map<String, Answer> end() throws InterruptedException {
        ended = true;
        for (Thread client : clients) {
            client.join(2 * BOUND.toMillis());
            if (client.isAlive()) {
                throw new AssertionError("A response began and did not end");
            }
        }
        return answers;
    }

    private void client() {
        while (!ended) {
            String key = keys + next.getAndIncrement();
            Answer answer = send(key);
            answers.put(key, answer);
            counts.merge(answer.kind(), 1, Integer::sum);
            if (answer.kind() == Kind.REFUSED) {
                LockSupport.parkNanos(PAUSE_WHEN_REFUSED_NANOS);
            }
        }
    }

    private Answer send(String key) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .timeout(BOUND)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"sensor\": \"" + key + "\", \"time\": \"2026-01-01T00:00:00Z\", \"value\": 1}"))
                .build();
        long start = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return Answer.of(response, System.nanoTime() - start);
        } catch (IOException e) {
            return Answer.of(e, System.nanoTime() - start);
        } catch (InterruptedException e) {
            throw new AssertionError("Nobody interrupts a client", e);
        }
    }
}
