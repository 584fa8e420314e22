package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;

/**
 * The maximum number of calls of the processor in any sliding window.
 *
 * @param batches calls of the processor in a window, at least 1; retried and halved batches count too
 * @param per the length of the window, longer than zero
 */
public record RateLimit(int batches, Duration per) {

    /**
     * Validates.
     *
     * @param batches at least 1
     * @param per longer than zero
     */
    public RateLimit {
        Objects.requireNonNull(per, "per");
        if (batches < 1 || per.isNegative() || per.isZero()) {
            throw new IllegalArgumentException(
                    "rateLimit must allow at least 1 batch per time longer than zero, but is " + batches + " per "
                            + per);
        }
    }
}
