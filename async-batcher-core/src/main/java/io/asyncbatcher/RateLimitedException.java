package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown <em>by a processor</em> that was told to slow down (HTTP 429). The batch's items go back to the head of the queue
 * in their order, and no batch starts before {@link #retryAfter} is over. It counts as no attempt: what bounds it is the
 * items' own timeouts and the queue's limit. No caller gets to see it. A time of less than a millisecond counts as one.
 */
public class RateLimitedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How long no batch may start. */
    private final Duration retryAfter;

    /**
     * A request to slow down.
     *
     * @param retryAfter how long no batch may start, a millisecond at least
     */
    public RateLimitedException(Duration retryAfter) {
        this(retryAfter, null);
    }

    /**
     * A request to slow down, as another exception said it.
     *
     * @param retryAfter how long no batch may start, a millisecond at least
     * @param cause where it was read from
     */
    public RateLimitedException(Duration retryAfter, @Nullable Throwable cause) {
        super("Told to slow down for " + Objects.requireNonNull(retryAfter, "retryAfter"), cause);
        this.retryAfter = retryAfter;
    }

    /**
     * How long no batch may start, as it was given.
     *
     * @return the delay
     */
    public final Duration retryAfter() {
        return retryAfter;
    }
}
