package io.asyncbatcher.grpc.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.grpc.GrpcBatcher;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers in processes of their own, under load, killed or stopped in turn: only in the profile "processes". */
@Tag("processes")
class WorkerProcessTests {

    private static final int ROUNDS = Integer.getInteger("process.rounds", 2);

    @TempDir
    private Path logs;

    private WorkerProcess one;
    private WorkerProcess two;

    @BeforeEach
    void start() throws IOException {
        one = new WorkerProcess(freePort(), logs.resolve("one"));
        two = new WorkerProcess(freePort(), logs.resolve("two"));
        one.start();
        two.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        one.kill();
        two.kill();
    }

    @Test
    void killedWorkersLeaveNoFutureOpenNoResultMixedUpAndNoLie() throws Exception {
        long lost = 0;
        try (GrpcBatcher<String, String> plain = client(false);
                GrpcBatcher<String, String> idempotent = client(true)) {
            for (int round = 0; round < ROUNDS; round++) {
                SteadyLoad load = new SteadyLoad(plain, "plain-" + round + "-");
                SteadyLoad repeatable = new SteadyLoad(idempotent, "idempotent-" + round + "-");
                answered(load, 50);
                answered(repeatable, 50);
                WorkerProcess killed = round % 2 == 0 ? one : two;
                killed.kill();
                answered(load, 200); // by the other
                killed.start();
                load.end();
                repeatable.end();

                assertThat(load.wrong() + repeatable.wrong()).isZero();
                assertThat(load.lies(ran())).as("round " + round).isEmpty();
                assertThat(load.right() + load.failures().size()).isEqualTo(load.sent());
                assertThat(repeatable.failures()).as("round " + round).isEmpty();
                lost += load.lost();
            }
        }
        System.out.println("killed workers: " + ROUNDS + " rounds, " + lost + " items of lost workers");
    }

    @Test
    void workersThatAreStoppedGracefullyFailNobody() throws Exception {
        long right = 0;
        try (GrpcBatcher<String, String> client = client(false)) {
            for (int round = 0; round < ROUNDS; round++) {
                SteadyLoad load = new SteadyLoad(client, "round-" + round + "-");
                answered(load, 50);
                WorkerProcess stopped = round % 2 == 0 ? one : two;
                stopped.terminate();
                answered(load, 50);
                stopped.start();
                answered(load, 50);
                load.end();

                assertThat(load.failures()).as("round " + round).isEmpty();
                assertThat(load.right()).isEqualTo(load.sent());
                right += load.right();
            }
        }
        System.out.println("stopped workers: " + ROUNDS + " rounds, " + right + " items, none failed");
    }

    private static void answered(SteadyLoad load, int more) {
        long before = load.right();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(load.right()).as("%s", load).isGreaterThan(before + more));
    }

    private Set<String> ran() throws IOException {
        Set<String> ran = new HashSet<>(one.ran());
        ran.addAll(two.ran());
        return ran;
    }

    private GrpcBatcher<String, String> client(boolean idempotent) {
        return GrpcBatcher.builder("echo", new PlainText(), new PlainText())
                .target("list:///127.0.0.1:" + one.port() + ",127.0.0.1:" + two.port())
                .idempotent(idempotent)
                .build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
