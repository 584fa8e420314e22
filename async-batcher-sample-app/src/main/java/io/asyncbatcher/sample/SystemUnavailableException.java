package io.asyncbatcher.sample;

import java.time.Duration;

/**
 * A system behind the sample can't be reached, or is overloaded: nothing that the request is to blame for. It is answered
 * with 503, by {@link ProblemDetailAdvice}.
 */
public final class SystemUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String system;
    private final boolean hadNoEffect;
    private final Duration retryAfter;

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
        super(system + " is not available", cause);
        this.system = system;
        this.hadNoEffect = hadNoEffect;
        this.retryAfter = retryAfter;
    }

    String system() {
        return system;
    }

    boolean hadNoEffect() {
        return hadNoEffect;
    }

    /** How long to wait before the request is sent again, where it had no effect. */
    Duration retryAfter() {
        return retryAfter;
    }
}
