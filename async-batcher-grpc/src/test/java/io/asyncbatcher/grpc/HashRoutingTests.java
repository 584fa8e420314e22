package io.asyncbatcher.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.testing.VirtualTime;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real connections: which worker has the items of a key, while workers stop and come back. The result of an item names it. */
class HashRoutingTests {

    private static final List<String> KEYS =
            IntStream.range(0, 100).mapToObj(i -> "key" + i).toList();

    private final VirtualTime time = new VirtualTime();
    private final List<Node> nodes = new ArrayList<>();
    private final List<GrpcBatcher<String, String>> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node("worker-" + i, 0));
        }
        String target =
                nodes.stream().map(node -> "127.0.0.1:" + node.port).collect(Collectors.joining(",", "list:///", ""));
        for (int i = 0; i < 2; i++) {
            GrpcBatcher<String, String> client = GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                    .target(target)
                    .routing(Routing.HASH)
                    .partitionBy(HashRoutingTests::key)
                    .time(time)
                    .build();
            clients.add(client);
        }
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.stop(true).join());
        clients.forEach(GrpcBatcher::close);
        nodes.forEach(Node::stop);
    }

    @Test
    void aKeyHasOneWorkerMovesWhenThatStopsAndComesBackWithIt() {
        Map<String, String> home = workersOfKeys();
        assertThat(Set.copyOf(home.values())).as("workers with keys").hasSizeGreaterThan(1);
        for (int i = 0; i < 5; i++) {
            assertThat(workersOfKeys()).isEqualTo(home);
        }

        String gone = home.get("key0");
        int index = nodes.indexOf(nodes.stream()
                .filter(node -> node.name.equals(gone))
                .findFirst()
                .orElseThrow());
        Node stopped = nodes.get(index);
        stopped.stop();

        Map<String, String> moved = workersOfKeys();
        home.forEach((key, worker) -> {
            if (worker.equals(gone)) {
                assertThat(moved.get(key)).as(key).isNotEqualTo(gone);
            } else {
                assertThat(moved.get(key)).as(key).isEqualTo(worker);
            }
        });

        nodes.set(index, new Node(gone, stopped.port));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    time.advance(Duration.ofSeconds(2)); // a new stream has some polls until it must be welcome
                    return workersOfKeysSoFar().equals(home);
                });
    }

    private static String key(String item) {
        return item.substring(0, item.indexOf('/'));
    }

    /** The worker of each key, after a check that both clients send its items to the same one. */
    private Map<String, String> workersOfKeys() {
        Map<String, String> first = workersOfKeys(clients.get(0));
        assertThat(workersOfKeys(clients.get(1))).isEqualTo(first);
        return first;
    }

    /** The same, or nothing while the clients differ, because each moves in its own time. */
    private Map<String, String> workersOfKeysSoFar() {
        Map<String, String> first = workersOfKeys(clients.get(0));
        return workersOfKeys(clients.get(1)).equals(first) ? first : Map.of();
    }

    private static Map<String, String> workersOfKeys(GrpcBatcher<String, String> client) {
        List<String> items = IntStream.range(0, 3 * KEYS.size())
                .mapToObj(i -> KEYS.get(i % KEYS.size()) + "/" + i)
                .toList();
        List<String> workers =
                client.processAll(items).orTimeout(30, TimeUnit.SECONDS).join();
        Map<String, String> found = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String other = found.put(key(items.get(i)), workers.get(i));
            assertThat(other == null ? workers.get(i) : other).as(items.get(i)).isEqualTo(workers.get(i));
        }
        return found;
    }

    private static final class Node {

        private final String name;
        private final AsyncBatcher<String, String> batcher;
        private final WorkerServer server;
        private final int port;

        Node(String name, int port) {
            this.name = name;
            BatchProcessor<String, String> processor =
                    items -> items.stream().map(item -> name).toList();
            batcher = AsyncBatcher.builder(processor)
                    .name("prices")
                    .maxQueueTime(Duration.ZERO)
                    .build();
            try {
                server = WorkerServer.start(
                        GrpcWorker.builder()
                                .expose(batcher, new TextCodec(), new TextCodec())
                                .name(name)
                                .build(),
                        Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.port = ((InetSocketAddress) server.server().getListenSockets().get(0)).getPort();
        }

        void stop() {
            server.stop(Duration.ofSeconds(10)).join();
            batcher.close();
        }
    }
}
