package io.asyncbatcher.sample.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;

/**
 * A PostgreSQL of the application's own, on a free port of the loopback interface, with an empty database that goes
 * when it stops.
 *
 * <p>It starts and stops on threads of its own. A context that is closed while it starts interrupts its thread and
 * doesn't wait for it, which would leave a server behind that is half started. So at the end of the application a
 * shutdown handler waits for the start, too, and stops what came of it; mostly the context has done so by then.
 */
final class EmbeddedPostgresServer implements AutoCloseable {

    static final String USER = "postgres";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresServer.class);

    private final CompletableFuture<EmbeddedPostgres> postgres = new CompletableFuture<>();

    private EmbeddedPostgresServer() {}

    /**
     * Starts a server and waits until it takes connections.
     *
     * @throws EmbeddedPostgresException if it can't run here
     */
    static EmbeddedPostgresServer start() {
        EmbeddedPostgresServer server = new EmbeddedPostgresServer();
        // First the handler: where the shutdown has begun it is rejected, and nothing may be started any more.
        SpringApplication.getShutdownHandlers().add(server::close);
        try {
            int port = server.postgres
                    .completeAsync(EmbeddedPostgresServer::startAndCountStatements)
                    .join()
                    .getPort();
            log.info("PostgreSQL listens on port {} of localhost; its data goes when it stops", port);
            return server;
        } catch (CompletionException e) {
            throw new EmbeddedPostgresException(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    String url() {
        return postgres.join().getJdbcUrl(USER, USER);
    }

    /** Stops the server and waits for its end, whoever began to stop it. */
    @Override
    public synchronized void close() {
        postgres.handleAsync((started, failure) -> {
                    if (started != null) {
                        stop(started);
                    }
                    return started;
                })
                .join();
    }

    private static void stop(EmbeddedPostgres postgres) {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres startAndCountStatements() {
        // Beside the unpacked binaries: there the next start finds and ends a server whose application was killed.
        Path data = Path.of(
                System.getProperty("java.io.tmpdir"),
                "embedded-pg",
                UUID.randomUUID().toString());
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    // Its own hook would run beside Spring's, and take the database away from batches that drain.
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    // The machine's locale may be one that the binaries don't know.
                    .setLocaleConfig("locale", "C")
                    // As in production, a commit waits for the disk: that is one of the costs a batch shares.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .start();
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create extension pg_stat_statements");
            }
            return postgres;
        } catch (IOException | SQLException e) {
            throw new CompletionException(e);
        }
    }
}
