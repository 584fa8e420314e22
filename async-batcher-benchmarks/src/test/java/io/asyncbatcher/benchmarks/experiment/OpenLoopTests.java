package io.asyncbatcher.benchmarks.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted, against a server that answers as it is told. */
class OpenLoopTests {

    private static final double RATE = 200;
    private static final Duration MEASURED = Duration.ofMillis(300);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger received = new AtomicInteger();
    private HttpServer server;

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void everyAnswerIsCounted() throws IOException {
        Map<String, Double> metrics = load(exchange -> exchange.sendResponseHeaders(201, -1));

        assertThat(Math.round(metrics.get("sentPerSecond") * MEASURED.toMillis() / 1e3))
                .isEqualTo(received.get());
        assertThat(metrics).containsEntry("errors", 0.0).containsEntry("unanswered", 0.0);
        assertThat(metrics.get("p95Millis")).isPositive();
    }

    @Test
    void answersThatAreNotGoodAreErrors() throws IOException {
        Map<String, Double> metrics = load(exchange -> exchange.sendResponseHeaders(503, -1));

        assertThat(metrics.get("errors")).isEqualTo(received.get());
        assertThat(metrics).containsEntry("answeredPerSecond", 0.0).containsEntry("percentFailed", 100.0);
    }

    @Test
    void connectionsThatEndWithoutAnAnswerAreErrors() throws IOException {
        Map<String, Double> metrics = load(exchange -> {
            throw new IOException("no answer");
        });

        assertThat(metrics.get("errors")).isEqualTo(received.get()).isPositive();
    }

    @Test
    void whereAConnectionEndsWithItsAnswerThereIsANewOne() throws IOException {
        Map<String, Double> metrics = load(exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, -1);
        });

        assertThat(received).hasPositiveValue();
        assertThat(metrics).containsEntry("errors", 0.0).containsEntry("unanswered", 0.0);
    }

    @Test
    void requestsAreSentThoughNoneIsAnsweredAndCountWithTheTimeThatTheyWaited() throws IOException {
        CountDownLatch never = new CountDownLatch(1);

        Map<String, Double> metrics = load(exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(received).hasValueGreaterThan(1);
        assertThat(metrics.get("unanswered")).isEqualTo(received.get());
        assertThat(metrics.get("p50Millis"))
                .as("all waited until patience was over")
                .isGreaterThanOrEqualTo(1e3 * OpenLoop.PATIENCE.toSeconds());
    }

    private Map<String, Double> load(HttpHandler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            received.incrementAndGet();
            answer(handler, exchange);
        });
        server.start();
        Map<String, Double> metrics = new TreeMap<>();
        try (ConnectionPool connections = new ConnectionPool(server.getAddress().getPort())) {
            List<ByteBuf> requests = List.of(connections.post("/", "{}"), connections.post("/", "[]"));
            OpenLoop.start(connections, requests, RATE, Duration.ZERO, MEASURED, 1)
                    .awaitEnd(metrics);
        }
        return metrics;
    }

    private static void answer(HttpHandler handler, HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        handler.handle(exchange);
        exchange.close();
    }
}
