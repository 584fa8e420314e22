package io.asyncbatcher.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerBuilder;
import io.grpc.ServerTransportFilter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real connections: a server that ends its connections when they are old, under traffic. */
class ConnectionAgeTests {

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource(
            value = Routing.class,
            names = {"PICK_FIRST", "ROUND_ROBIN"})
    void noItemFailsWhileOldConnectionsAreRenewed(Routing routing) throws Exception {
        BatchProcessor<String, String> processor = items -> {
            items.forEach(item -> runs.merge(item, 1, Integer::sum));
            return items.stream().map(item -> item.toUpperCase(Locale.ROOT)).toList();
        };
        AsyncBatcher<String, String> batcher =
                AsyncBatcher.builder(processor).name("prices").build();
        // gRPC takes no age of less than a second.
        ServerBuilder<?> server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .maxConnectionAge(1, TimeUnit.SECONDS)
                .addTransportFilter(new ConnectionCounter());
        WorkerServer worker = WorkerServer.start(
                GrpcWorker.builder()
                        .expose(batcher, new TextCodec(), new TextCodec())
                        .maxStreamAge(Duration.ofSeconds(1))
                        .build(),
                server);
        int port = ((InetSocketAddress) worker.server().getListenSockets().get(0)).getPort();
        GrpcBatcher<String, String> client = GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                .target("127.0.0.1:" + port)
                .routing(routing)
                .build();
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        Thread load = new Thread(() -> load(client, sent, right, failures, stop));
        load.start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> ended.get() >= 3 || !failures.isEmpty());
        } finally {
            stop.set(true);
            load.join();
            client.stop(false).join();
            client.close();
            worker.stop(Duration.ofSeconds(10)).join();
            batcher.close();
        }

        assertThat(failures).isEmpty();
        assertThat(right).hasValue(sent.get());
        assertThat(opened).hasValueGreaterThan(3);
        assertThat(runs).hasSize(sent.get());
        assertThat(runs.values()).as("runs of an item").containsOnly(1);
    }

    private static void load(
            GrpcBatcher<String, String> client,
            AtomicInteger sent,
            AtomicInteger right,
            List<Throwable> failures,
            AtomicBoolean stop) {
        Semaphore room = new Semaphore(200);
        while (!stop.get()) {
            room.acquireUninterruptibly();
            String item = "a" + sent.incrementAndGet();
            client.process(item).whenComplete((result, failure) -> {
                if (failure != null) {
                    failures.add(failure);
                } else if (result.equals(item.toUpperCase(Locale.ROOT))) {
                    right.incrementAndGet();
                }
                room.release();
            });
            LockSupport.parkNanos(200_000);
        }
    }

    private final class ConnectionCounter extends ServerTransportFilter {

        @Override
        public Attributes transportReady(Attributes attributes) {
            opened.incrementAndGet();
            return attributes;
        }

        @Override
        public void transportTerminated(Attributes attributes) {
            ended.incrementAndGet();
        }
    }
}
