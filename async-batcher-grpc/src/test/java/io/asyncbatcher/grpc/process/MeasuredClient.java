package io.asyncbatcher.grpc.process;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.grpc.GrpcBatcher;
import io.asyncbatcher.grpc.GrpcBatcherBuilder;
import io.asyncbatcher.grpc.Routing;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Callers of one process. Its numbers are items, failures, the median and the 99th percentile of the latency in milliseconds, batches
 * (of a batcher of its own, or frames) and microseconds of processor time.
 */
final class MeasuredClient {

    private final Function<String, CompletableFuture<String>> way;
    private final List<Long> latencies = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong failures = new AtomicLong();

    private MeasuredClient(Function<String, CompletableFuture<String>> way) {
        this.way = way;
    }

    /**
     * Runs it: the way (local, stream, hash, round-robin, unary, http), the ports of the workers, items in a second (0 = as many as
     * go), items at once at most, seconds of warm-up at ten times the rate, number of keys (0 = items have none).
     */
    public static void main(String[] arguments) throws IOException {
        AtomicLong batches = new AtomicLong();
        BatcherListener counting = new BatcherListener() {
            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                batches.incrementAndGet();
            }
        };
        int keys = Integer.parseInt(arguments[5]);
        MeasuredClient client = new MeasuredClient(way(arguments[0], arguments[1], keys > 0, counting));
        int rate = Integer.parseInt(arguments[2]);
        Semaphore room = new Semaphore(Integer.parseInt(arguments[3]));
        int warmSeconds = Integer.parseInt(arguments[4]);
        Thread caller = new Thread(() -> client.callForever(rate, warmSeconds, keys, room), "caller");
        caller.setDaemon(true);
        caller.start();
        AtomicLong cpu = new AtomicLong(Child.cpuNanos());
        Child.answer(() -> {
            long now = Child.cpuNanos();
            List<Long> all;
            synchronized (client.latencies) {
                all = new ArrayList<>(client.latencies);
                client.latencies.clear();
            }
            Collections.sort(all);
            return new double[] {
                all.size(),
                client.failures.getAndSet(0),
                all.isEmpty() ? 0 : all.get(all.size() / 2) / 1e6,
                all.isEmpty() ? 0 : all.get((int) (all.size() * 0.99)) / 1e6,
                batches.getAndSet(0),
                (now - cpu.getAndSet(now)) / 1e3
            };
        });
        System.exit(0);
    }

    private static Function<String, CompletableFuture<String>> way(
            String way, String ports, boolean keys, BatcherListener counting) {
        switch (way) {
            case "local" -> {
                AsyncBatcher<String, String> own = MeasuredWorker.batcher(Duration.ofMillis(10), 2_000, 20, keys);
                own.addListener(counting);
                return own::process;
            }
            case "stream" -> {
                GrpcBatcher<String, String> remote = GrpcBatcher.builder("echo", new PlainText(), new PlainText())
                        .target("127.0.0.1:" + ports)
                        .listener(counting)
                        .build();
                return remote::process;
            }
            case "hash", "round-robin" -> {
                GrpcBatcherBuilder<String, String> builder = GrpcBatcher.builder(
                                "echo", new PlainText(), new PlainText())
                        .target("list:///127.0.0.1:" + ports.replace(",", ",127.0.0.1:"))
                        .listener(counting);
                GrpcBatcher<String, String> remote = (way.equals("hash")
                                ? builder.routing(Routing.HASH).partitionBy(MeasuredWorker::key)
                                : builder.routing(Routing.ROUND_ROBIN))
                        .build();
                return remote::process;
            }
            case "unary" -> {
                ManagedChannel channel = Grpc.newChannelBuilder(
                                "127.0.0.1:" + ports, InsecureChannelCredentials.create())
                        .directExecutor()
                        .build();
                return item -> Unary.call(channel, item);
            }
            case "http" -> {
                HttpClient http = HttpClient.newHttpClient();
                URI uri = URI.create("http://127.0.0.1:" + ports + "/echo");
                return item -> http.sendAsync(
                                HttpRequest.newBuilder(uri)
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(item))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .thenApply(HttpResponse::body);
            }
            default -> throw new IllegalArgumentException(way);
        }
    }

    private void callForever(int rate, int warmSeconds, int keys, Semaphore room) {
        Random random = new Random(ProcessHandle.current().pid()); // arrivals of two clients do not coincide
        long next = System.nanoTime();
        long warm = next + TimeUnit.SECONDS.toNanos(warmSeconds);
        boolean warming = warmSeconds > 0;
        for (long i = 0; ; i++) {
            if (warming && System.nanoTime() - warm >= 0) {
                warming = false;
                next = System.nanoTime(); // what a slow start has left undone is not made up for in the measured window
            }
            if (rate > 0) { // arrivals of a Poisson process
                next += (long) (-Math.log(1 - random.nextDouble()) * 1e9 / (warming ? 10 * rate : rate));
                for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
            }
            room.acquireUninterruptibly();
            long begin = System.nanoTime();
            String item = keys > 0 ? "k" + random.nextInt(keys) + "/" + i : "\"item-" + i + "\"";
            way.apply(item).whenComplete((result, failure) -> {
                room.release();
                if (item.equals(result)) {
                    latencies.add(System.nanoTime() - begin);
                } else {
                    failures.incrementAndGet();
                }
            });
        }
    }
}
