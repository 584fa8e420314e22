package io.asyncbatcher.grpc.process;

import com.sun.net.httpserver.HttpServer;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.grpc.GrpcWorker;
import io.asyncbatcher.grpc.WorkerServer;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A worker whose batches take a fixed time and one for each item; the same batcher over streams, over unary calls of gRPC, and over
 * HTTP. Its numbers are items, batches and microseconds of processor time.
 */
final class MeasuredWorker {

    private MeasuredWorker() {}

    /** The key of an item: what is before its first slash. */
    static String key(String item) {
        return item.substring(0, item.indexOf('/'));
    }

    /** A batcher whose processor gives the items back; with keys, no batch has items of two keys. */
    static AsyncBatcher<String, String> batcher(Duration linger, int batchMicros, int itemMicros, boolean keys) {
        BatchProcessor<String, String> processor = items -> {
            long micros = batchMicros + (long) itemMicros * items.size();
            if (micros > 0) {
                TimeUnit.MICROSECONDS.sleep(micros);
            }
            return List.copyOf(items);
        };
        AsyncBatcher.Builder<String, String> builder = AsyncBatcher.builder(processor)
                .name("echo")
                .maxQueueTime(linger)
                .maxBatchSize(500)
                .maxQueueSize(100_000);
        return (keys ? builder.partitionBy(MeasuredWorker::key) : builder).build();
    }

    /** Runs it: the ports for gRPC and HTTP, the linger in milliseconds, a batch's and an item's microseconds, whether items have keys. */
    public static void main(String[] arguments) throws IOException {
        AsyncBatcher<String, String> batcher = batcher(
                Duration.ofMillis(Integer.parseInt(arguments[2])),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                Boolean.parseBoolean(arguments[5]));
        AtomicLong items = new AtomicLong();
        AtomicLong batches = new AtomicLong();
        batcher.addListener(new BatcherListener() {
            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                items.addAndGet(size);
                batches.incrementAndGet();
            }
        });
        ServerBuilder<?> builder = NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                InsecureServerCredentials.create());
        builder.addService(Unary.service(batcher));
        WorkerServer server = WorkerServer.start(
                GrpcWorker.builder()
                        .expose(batcher, new PlainText(), new PlainText())
                        .build(),
                builder);
        http(batcher, Integer.parseInt(arguments[1]));
        AtomicLong cpu = new AtomicLong(Child.cpuNanos());
        Child.answer(() -> {
            long now = Child.cpuNanos();
            return new double[] {items.getAndSet(0), batches.getAndSet(0), (now - cpu.getAndSet(now)) / 1e3};
        });
        server.stop(Duration.ZERO);
    }

    private static void http(AsyncBatcher<String, String> batcher, int port) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        http.setExecutor(Executors.newFixedThreadPool(64, task -> {
            Thread thread = new Thread(task, "http");
            thread.setDaemon(true);
            return thread;
        }));
        http.createContext("/echo", exchange -> {
            String item = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] result = batcher.process(item).join().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, result.length);
            exchange.getResponseBody().write(result);
            exchange.close();
        });
        http.start();
    }
}
