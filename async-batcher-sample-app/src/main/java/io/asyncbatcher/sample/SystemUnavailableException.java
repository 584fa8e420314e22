package io.asyncbatcher.sample;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A system behind the application can't be reached, or is overloaded. The request is not at fault. The exception defines
 * the response, a 503 that says whether the request can be sent again, so a copy needs no exception handler.
 */
public final class SystemUnavailableException extends ErrorResponseException {

    private static final long serialVersionUID = 1;

    private final String system;
    private final boolean hadNoEffect;

    /**
     * Wraps the failure of a client library.
     *
     * @param system how the answer calls it: "Kafka", "The database"
     * @param hadNoEffect whether it is certain that the request changed nothing, and so can be sent again
     * @param cause for the log; the answer doesn't show it
     */
    public SystemUnavailableException(String system, boolean hadNoEffect, Throwable cause) {
        this(system, hadNoEffect, Duration.ofSeconds(1), cause);
    }

    /**
     * Wraps the failure of a request that changed nothing, where it is known when to send it again.
     *
     * @param system how the answer calls it
     * @param retryAfter how long to wait; the answer rounds it up to seconds
     * @param cause for the log; the answer doesn't show it
     */
    public SystemUnavailableException(String system, Duration retryAfter, Throwable cause) {
        this(system, true, retryAfter, cause);
    }

    private SystemUnavailableException(String system, boolean hadNoEffect, Duration retryAfter, Throwable cause) {
        super(HttpStatus.SERVICE_UNAVAILABLE, problem(system, hadNoEffect), cause);
        this.system = system;
        this.hadNoEffect = hadNoEffect;
        if (hadNoEffect) {
            long seconds = retryAfter.plusNanos(999_999_999).toSeconds();
            getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, seconds)));
        }
    }

    private static ProblemDetail problem(String system, boolean hadNoEffect) {
        String effect = hadNoEffect
                ? "the request had no effect and can be sent again."
                : "whether the request took effect is not known.";
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, system + " is not available; " + effect);
    }

    /** A new object for each call: the requests of a batch share this exception, and Spring sets the path of each. */
    @Override
    public ProblemDetail updateAndGetBody(@Nullable MessageSource messages, Locale locale) {
        return problem();
    }

    ProblemDetail problem() {
        return problem(system, hadNoEffect);
    }

    @Override
    public String getMessage() {
        return system + " is not available";
    }

    String system() {
        return system;
    }
}
