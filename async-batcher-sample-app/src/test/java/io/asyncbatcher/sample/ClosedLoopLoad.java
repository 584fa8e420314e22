package io.asyncbatcher.sample;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Posts JSON over eight connections, each the next after its last was answered, until it is stopped. */
public final class ClosedLoopLoad {

    private static final int CONNECTIONS = 8;

    /** The answers that say that all is well, by the id of what was sent. */
    public final Map<String, HttpResponse<String>> succeeded = new ConcurrentHashMap<>();

    /** All others. */
    public final Map<String, HttpResponse<String>> failed = new ConcurrentHashMap<>();

    private final ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean stopped;

    /** Starts to post what is made of the ids {@code load-0}, {@code load-1} … */
    public ClosedLoopLoad(JsonEndpoint endpoint, Function<String, String> json) {
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.execute(() -> {
                while (!stopped) {
                    String id = "load-" + next.getAndIncrement();
                    HttpResponse<String> answer = endpoint.send(json.apply(id));
                    (answer.statusCode() < 300 ? succeeded : failed).put(id, answer);
                }
            });
        }
    }

    /** Waits for the last answers. */
    public void stop() throws InterruptedException {
        stopped = true;
        connections.shutdown();
        if (!connections.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new AssertionError("Requests without an answer");
        }
    }
}
