package io.asyncbatcher.sample.chaos;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncbatcher.sample.RestartablePostgres;
import io.asyncbatcher.sample.SampleProcess;
import io.asyncbatcher.sample.chaos.Answer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample and its PostgreSQL in processes of their own, one of which is killed or stopped under load, round after
 * round. {@code -Dchaos.rounds} says how many rounds each test has.
 */
@Tag("chaos")
@EnabledOnOs({OS.LINUX, OS.MAC})
class ChaosTests {

    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 2);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int SIGKILL_EXIT_CODE = 128 + 9;
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    private static final StringBuilder table = new StringBuilder(Figures.HEAD);

    @TempDir
    private Path temporary;

    private RestartablePostgres postgres;

    @BeforeEach
    void startPostgres() throws IOException {
        postgres = RestartablePostgres.start(temporary.resolve("data"));
    }

    @AfterEach
    void stopPostgres() throws IOException {
        postgres.close();
    }

    @AfterAll
    static void printTable() {
        System.out.print(table);
    }

    @Test
    void postgresIsKilled() throws Exception {
        Figures figures = new Figures(Fault.POSTGRES_KILLED);
        try (SampleProcess sample = startSample()) {
            int port = sample.port();
            for (int round = 0; round < ROUNDS; round++) {
                String keys = "postgres-" + round + "-";
                ChaosLoad load = ChaosLoad.start(port, keys);
                underLoad(load);

                if (round % 2 == 0) {
                    postgres.killPostmaster();
                } else {
                    postgres.killAllProcesses();
                }
                // Some outages are shorter than the sample waits for a connection, some are longer.
                Thread.sleep(ThreadLocalRandom.current().nextInt(4_000));
                postgres.restart();
                int before = load.count(Kind.WRITTEN);
                await().atMost(SOON).until(() -> load.count(Kind.WRITTEN) > before + 500);

                endRound(figures, load, keys);
            }
        }
        assertKept(figures);
    }

    @Test
    void theApplicationIsKilled() throws Exception {
        endUnderLoad(Fault.APPLICATION_KILLED, "killed-", SampleProcess::kill, SIGKILL_EXIT_CODE);
    }

    @Test
    void theApplicationIsStopped() throws Exception {
        endUnderLoad(Fault.APPLICATION_STOPPED, "stopped-", SampleProcess::terminate, SIGTERM_EXIT_CODE);
    }

    private void endUnderLoad(Fault fault, String name, Consumer<SampleProcess> end, int exitCode) throws Exception {
        Figures figures = new Figures(fault);
        for (int round = 0; round < ROUNDS; round++) {
            try (SampleProcess sample = startSample()) {
                String keys = name + round + "-";
                ChaosLoad load = ChaosLoad.start(sample.port(), keys);
                underLoad(load);

                end.accept(sample);
                assertThat(sample.exitCode()).isEqualTo(exitCode);
                await().atMost(SOON).until(() -> load.count(Kind.REFUSED) > ChaosLoad.CLIENTS);

                endRound(figures, load, keys);
            }
        }
        assertKept(figures);
    }

    private SampleProcess startSample() throws IOException {
        return SampleProcess.start(
                Files.createTempDirectory(temporary, "sample"),
                "--spring.profiles.active=postgres",
                "--spring.datasource.url=" + postgres.url());
    }

    /** Waits until batches follow one another, and then for any moment of them. */
    private static void underLoad(ChaosLoad load) throws InterruptedException {
        await().atMost(SOON).until(() -> load.count(Kind.WRITTEN) > 500);
        Thread.sleep(ThreadLocalRandom.current().nextInt(500));
    }

    private void endRound(Figures figures, ChaosLoad load, String keys) throws InterruptedException {
        figures.add(load.end(), rows(keys));
        // A long run is looked at while it goes on.
        System.out.print(figures);
    }

    private Map<String, Integer> rows(String keys) {
        return postgres
                .jdbc()
                .sql("select sensor, count(*) as count from reading where sensor like ? || '%' group by sensor")
                .param(keys)
                .query()
                .listOfRows()
                .stream()
                .collect(toMap(row -> (String) row.get("sensor"), row -> ((Long) row.get("count")).intValue()));
    }

    private void assertKept(Figures figures) {
        table.append(figures);
        assertThat(figures.violations).isEmpty();
        // Nothing came later than its round was looked at, except what a killed application had sent before its end.
        int rows = postgres.jdbc()
                .sql("select count(*) from reading")
                .query(Integer.class)
                .single();
        int keys = postgres.jdbc()
                .sql("select count(distinct sensor) from reading")
                .query(Integer.class)
                .single();
        assertThat(rows).isEqualTo(keys).isGreaterThanOrEqualTo(figures.rows());
    }
}
