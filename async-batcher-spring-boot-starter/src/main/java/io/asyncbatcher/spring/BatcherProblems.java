package io.asyncbatcher.spring;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.BatcherStoppedException;
import io.asyncbatcher.ItemExpiredException;
import io.asyncbatcher.ItemTooHeavyException;
import io.asyncbatcher.QueueFullException;
import io.asyncbatcher.RateLimitedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * The HTTP responses to failures raised by a batcher: problem details (RFC 9457). They contain neither the item nor the
 * message of the exception.
 *
 * <p>With Spring MVC and WebFlux, the starter sends these responses, unless {@code batcher.web.problem-details.enabled}
 * is false or an exception handler of the application handles the exception. An {@code @ExceptionHandler} for
 * {@link Exception} or {@link RuntimeException} handles it too. It can send the same responses:
 *
 * <pre>{@code
 * @ExceptionHandler
 * ResponseEntity<ProblemDetail> unexpected(Exception e) {
 *     return BatcherProblems.of(e).orElseGet(() -> failed(e));
 * }
 * }</pre>
 *
 * <p>Requires spring-web on the class path.
 */
public final class BatcherProblems {

    private static final HttpStatusCode CONTENT_TOO_LARGE = HttpStatusCode.valueOf(413); // named anew in Spring 7

    /** How far a failure is looked for among causes, which may form a circle. */
    private static final int DEEPEST = 20;

    private BatcherProblems() {}

    /**
     * Returns the response to a failure.
     *
     * <table>
     *   <caption>Responses</caption>
     *   <tr><th>exception</th><th>status</th></tr>
     *   <tr><td>{@link QueueFullException}, {@link BatcherStoppedException}, {@link BatchAbortedException}</td><td>503</td></tr>
     *   <tr><td>{@link RateLimitedException}</td><td>503, with {@code Retry-After} in seconds, rounded up</td></tr>
     *   <tr><td>{@link ItemTooHeavyException}</td><td>413</td></tr>
     *   <tr><td>{@link ItemExpiredException}</td><td>504</td></tr>
     * </table>
     *
     * @param failure the exception of a batcher, possibly wrapped in {@link CompletionException}s and
     *     {@link ExecutionException}s
     * @return the response; empty for any other failure, including {@link BatchResultException}, which is a fault of
     *     the application
     */
    public static Optional<ResponseEntity<ProblemDetail>> of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEEPEST && isWrapper(cause) && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        return Optional.ofNullable(response(cause));
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof CompletionException || failure instanceof ExecutionException;
    }

    private static @Nullable ResponseEntity<ProblemDetail> response(Throwable failure) {
        if (failure instanceof RateLimitedException limited) {
            return retryAfter(limited.retryAfter())
                    .body(problem(HttpStatus.SERVICE_UNAVAILABLE, "Too busy; the request can be sent again later."));
        }
        return failure instanceof BatcherException batchers ? response(batchers) : null;
    }

    private static @Nullable ResponseEntity<ProblemDetail> response(BatcherException failure) {
        if (failure instanceof QueueFullException) {
            return response(HttpStatus.SERVICE_UNAVAILABLE, "Too busy", failure);
        }
        if (failure instanceof BatcherStoppedException) {
            return response(HttpStatus.SERVICE_UNAVAILABLE, "Shutting down", failure);
        }
        if (failure instanceof BatchAbortedException) {
            return response(HttpStatus.SERVICE_UNAVAILABLE, "The processing was cut off", failure);
        }
        if (failure instanceof ItemExpiredException) {
            return response(HttpStatus.GATEWAY_TIMEOUT, "Not done in time", failure);
        }
        if (failure instanceof ItemTooHeavyException) {
            return ResponseEntity.status(CONTENT_TOO_LARGE)
                    .body(problem(CONTENT_TOO_LARGE, "The request is larger than a whole batch may be."));
        }
        return null;
    }

    private static ResponseEntity<ProblemDetail> response(HttpStatus status, String what, BatcherException failure) {
        String effect = failure.mayHaveRun()
                ? "; whether the request took effect is not known."
                : "; the request had no effect and can be sent again.";
        return ResponseEntity.status(status).body(problem(status, what + effect));
    }

    private static ResponseEntity.BodyBuilder retryAfter(Duration delay) {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE);
        if (delay.isNegative() || delay.isZero()) {
            return response;
        }
        long seconds = delay.toSeconds() + (delay.equals(Duration.ofSeconds(delay.toSeconds())) ? 0 : 1);
        return response.header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    private static ProblemDetail problem(HttpStatusCode status, String detail) {
        return ProblemDetail.forStatusAndDetail(status, detail);
    }
}
