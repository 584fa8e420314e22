package io.asyncbatcher.sample.postgres;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells whoever starts the sample what to do where its own PostgreSQL can't run. */
final class EmbeddedPostgresFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedPostgresException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedPostgresException cause) {
        return new FailureAnalysis(
                cause.getMessage() + " (" + System.getProperty("os.name") + ", " + System.getProperty("os.arch") + ")",
                """
                Use a PostgreSQL of your own: set spring.datasource.url, for example to \
                jdbc:postgresql://localhost:5432/postgres, with spring.datasource.username and \
                spring.datasource.password. To see what PostgreSQL said, set logging.level.io.zonky.test to info.\
                """,
                cause);
    }
}
