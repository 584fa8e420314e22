package io.asyncbatcher.sample;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A PostgreSQL that is killed and comes back on the same port with the same data. A commit waits for the disk. */
public final class RestartablePostgres implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(1);

    private final Path data;
    private EmbeddedPostgres postgres;

    private RestartablePostgres(Path data) throws IOException {
        this.data = data;
        this.postgres = builder().start();
    }

    /** Starts a server on a free port, with its data in the directory. */
    public static RestartablePostgres start(Path data) throws IOException {
        return new RestartablePostgres(data);
    }

    public String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(postgres.getPostgresDatabase());
    }

    /** Kills the postmaster. Its children end by themselves when they notice. */
    public void killPostmaster() throws Exception {
        kill(List.of());
    }

    /** Kills all processes of the server at once, so that no statement runs to its end. */
    public void killAllProcesses() throws Exception {
        kill(postmaster().children().toList());
    }

    /** Starts the server again. Children of the killed one may keep it from starting for a moment. */
    public void restart() {
        EmbeddedPostgres.Builder builder = builder().setPort(postgres.getPort());
        await().atMost(START).ignoreExceptions().until(() -> {
            postgres = builder.start();
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    private void kill(List<ProcessHandle> children) throws Exception {
        ProcessHandle postmaster = postmaster();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().get();
        // Only gives up the lock on the directory.
        postgres.close();
    }

    private ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START)
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
    }
}
