package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown <em>by a processor</em> if the system that it calls limits the rate (HTTP 429). The items of the batch return
 * to the head of the queue in their order, and no batch starts before {@link #retryAfter} has passed. This does not
 * count as an attempt. It is limited by the timeouts of the items and by the limit of the queue. Callers do not get
 * this exception. A time of less than a millisecond counts as one millisecond.
 */
public class RateLimitedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The time for which no batch starts. */
    private final Duration retryAfter;

    /**
     * Creates an exception with a delay.
     *
     * @param retryAfter the time for which no batch starts, at least a millisecond
     */
    public RateLimitedException(Duration retryAfter) {
        this(retryAfter, null);
    }

    /**
     * Creates an exception with a delay and a cause.
     *
     * @param retryAfter the time for which no batch starts, at least a millisecond
     * @param cause the exception of the system, or null
     */
    public RateLimitedException(Duration retryAfter, @Nullable Throwable cause) {
        super("Told to slow down for " + Objects.requireNonNull(retryAfter, "retryAfter"), cause);
        this.retryAfter = retryAfter;
    }

    /**
     * The time for which no batch starts, as it was passed to the constructor.
     *
     * @return the delay
     */
    public final Duration retryAfter() {
        return retryAfter;
    }
}
