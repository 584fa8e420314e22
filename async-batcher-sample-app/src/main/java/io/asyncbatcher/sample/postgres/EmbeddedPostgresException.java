package io.asyncbatcher.sample.postgres;

import org.springframework.core.NestedExceptionUtils;

/** The PostgreSQL of the sample's own did not start. */
final class EmbeddedPostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EmbeddedPostgresException(Throwable cause) {
        super(
                "The embedded PostgreSQL did not start: "
                        + NestedExceptionUtils.getMostSpecificCause(cause).getMessage(),
                cause);
    }
}
