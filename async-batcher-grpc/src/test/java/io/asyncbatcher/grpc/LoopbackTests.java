package io.asyncbatcher.grpc;

import static io.asyncbatcher.grpc.GrpcBatcherTests.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchProcessor;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real connections on the loopback interface: what a channel and its policies decide. */
class LoopbackTests {

    private final Node one = new Node("one");
    private final Node two = new Node("two");
    private final List<GrpcBatcher<?, ?>> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(client -> client.stop(true).join());
        clients.forEach(GrpcBatcher::close);
        one.close();
        two.close();
    }

    @Test
    void pickFirstGivesAllItemsOfAllClientsToTheFirstWorker() {
        GrpcBatcher<String, String> a = client(options -> options);
        GrpcBatcher<String, String> b = client(options -> options);

        for (int i = 0; i < 50; i++) {
            assertThat(a.process("a" + i).join()).isEqualTo("A" + i);
            assertThat(b.process("b" + i).join()).isEqualTo("B" + i);
        }

        assertThat(one.items()).isEqualTo(100);
        assertThat(two.items()).isZero();
    }

    @Test
    void roundRobinSharesTheItemsOut() {
        GrpcBatcher<String, String> client = client(options -> options.routing(Routing.ROUND_ROBIN));

        client.connect();
        await().pollDelay(Duration.ofMillis(1_500))
                .until(() -> true); // streams that met one worker only are opened anew

        client.processAll(IntStream.range(0, 160).mapToObj(i -> "a" + i).toList())
                .join();

        assertThat(one.items()).isBetween(60, 100);
        assertThat(two.items()).isEqualTo(160 - one.items());
    }

    @Test
    void hashGivesOneKeyToOneWorkerWhicheverClientItComesFrom() {
        GrpcBatcher<String, String> a =
                client(options -> options.routing(Routing.HASH).partitionBy(item -> item));
        GrpcBatcher<String, String> b =
                client(options -> options.routing(Routing.HASH).partitionBy(item -> item));
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "key" + i).toList();

        a.processAll(keys).join();
        b.processAll(keys).join();

        assertThat(one.seen.keySet()).doesNotContainAnyElementsOf(two.seen.keySet());
        assertThat(one.seen.size()).isBetween(10, 90);
        assertThat(one.seen.size() + two.seen.size()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void whenAWorkerDiesTheOtherGoesOnForAllKeys(Routing routing) {
        GrpcBatcher<String, String> client =
                client(options -> options.routing(routing).partitionBy(item -> item));
        List<String> keys = IntStream.range(0, 40).mapToObj(i -> "key" + i).toList();
        client.processAll(keys).join();

        one.server.shutdownNow();
        await().until(() -> one.server.isTerminated());
        two.seen.clear();

        // A stream of the dead worker may take one item with it before the client hears of the end.
        await().untilAsserted(() -> assertThat(client.processAll(keys).join()).hasSize(40));
        assertThat(two.seen).hasSize(40);
    }

    @Test
    void theFirstSuccessComesSoonAfterARestart() throws IOException {
        two.close();
        GrpcBatcher<String, String> client = client(options -> options);
        client.process("a").join();
        int port = one.port;
        one.server.shutdownNow();
        CompletableFuture<String> waiting = client.process("b", Duration.ofMinutes(1));
        long down = System.nanoTime();
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);

        Node again = new Node("again", port);
        long up = System.nanoTime();
        try {
            waiting.handle((result, failure) -> result).join(); // it may have been on the dying stream
            assertThat(client.process("c").join()).isEqualTo("C");
            assertThat(Duration.ofNanos(System.nanoTime() - up)).isLessThan(Duration.ofSeconds(5));
            assertThat(up - down).isGreaterThan(0);
        } finally {
            again.close();
        }
    }

    @Test
    void gracefulRestartsUnderLoadFailNobody() throws Exception {
        GrpcBatcher<String, String> client = client(options -> options);
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        CountDownLatch stop = new CountDownLatch(1);
        Semaphore room = new Semaphore(1_000);
        Thread load = new Thread(() -> {
            while (stop.getCount() > 0) {
                room.acquireUninterruptibly();
                String item = "a" + sent.incrementAndGet();
                client.process(item).whenComplete((result, failure) -> {
                    room.release();
                    if (failure != null) {
                        failures.add(failure);
                    } else if (result.equals(item.toUpperCase(Locale.ROOT))) {
                        right.incrementAndGet();
                    }
                });
                if (sent.get() % 20 == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        });
        load.start();
        Node first = one;
        Node second = two;
        for (int round = 0; round < 6; round++) {
            int before = right.get();
            await().until(() -> right.get() > before + 50);
            Node restarted = round % 2 == 0 ? first : second;
            restarted.stopGracefully();
            Node again = new Node("again" + round, restarted.port);
            if (round % 2 == 0) {
                first = again;
            } else {
                second = again;
            }
        }
        stop.countDown();
        load.join();
        client.stop(false).join();
        first.close();
        second.close();

        assertThat(failures).isEmpty();
        assertThat(right).hasValue(sent.get());
        assertThat(sent.get()).isGreaterThan(100);
    }

    @Test
    void aServerKeepsItsProcessAliveUntilItHasEnded() {
        one.close();
        two.close();
        await().until(() -> aliveForServers() == 0);

        Node alone = new Node("alone");

        assertThat(aliveForServers()).isEqualTo(1);
        alone.close();
        await().until(() -> aliveForServers() == 0);
    }

    private static long aliveForServers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("async-batcher-server") && !thread.isDaemon())
                .count();
    }

    @Test
    void aContinuationThatBlocksHoldsUpNoLaterAnswers() throws InterruptedException {
        GrpcBatcher<String, String> client = client(options -> options);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        client.process("a").thenAccept(result -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.await();

        assertThat(client.process("b").join()).isEqualTo("B");

        release.countDown();
    }

    @Test
    void aWorkerThatIsCutOffWhenItsGraceIsOverIsALostOne() throws Exception {
        two.close();
        Node hanging = new Node("hanging");
        hanging.hang = new CountDownLatch(1);
        GrpcBatcher<String, String> client = GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                .target("localhost:" + hanging.port)
                .build();
        clients.add(client);
        CompletableFuture<String> item = client.process("a");
        await().until(() -> hanging.items() == 1);

        hanging.workerServer.stop(Duration.ofMillis(50)).join();

        await().until(item::isDone);
        assertThat(failure(item, BatchAbortedException.class).mayHaveRun()).isTrue();
        hanging.hang.countDown();
        hanging.close();
    }

    private GrpcBatcher<String, String> client(UnaryOperator<GrpcBatcherBuilder<String, String>> options) {
        GrpcBatcher<String, String> client = options.apply(
                        GrpcBatcher.builder("prices", new TextCodec(), new TextCodec())
                                .target("list:///127.0.0.1:" + one.port + ",127.0.0.1:" + two.port))
                .build();
        clients.add(client);
        return client;
    }

    /** A worker with its server. */
    private static final class Node {

        private final Map<String, Integer> seen = new ConcurrentHashMap<>();
        private final AsyncBatcher<String, String> batcher;
        private final WorkerServer workerServer;
        private final Server server;
        private final int port;
        private volatile CountDownLatch hang = new CountDownLatch(0);

        Node(String name) {
            this(name, 0);
        }

        Node(String name, int port) {
            BatchProcessor<String, String> processor = items -> {
                items.forEach(item -> seen.merge(item, 1, Integer::sum));
                hang.await();
                return items.stream().map(item -> item.toUpperCase(Locale.ROOT)).toList();
            };
            batcher = AsyncBatcher.builder(processor)
                    .name("prices")
                    .maxQueueTime(Duration.ofMillis(1))
                    .build();
            ServerBuilder<?> builder = Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create());
            try {
                workerServer = WorkerServer.start(
                        GrpcWorker.builder()
                                .expose(batcher, new TextCodec(), new TextCodec())
                                .name(name)
                                .build(),
                        builder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server = workerServer.server();
            this.port = ((InetSocketAddress) server.getListenSockets().get(0)).getPort();
        }

        int items() {
            return seen.values().stream().mapToInt(Integer::intValue).sum();
        }

        void stopGracefully() {
            workerServer.stop(Duration.ofSeconds(10)).join();
            batcher.close();
        }

        void close() {
            server.shutdownNow();
            batcher.stop(true);
        }
    }
}
