package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;

/**
 * How often the processor may be called: at most so many times in any sliding window.
 *
 * @param batches calls of the processor in a window, at least 1; repeated and halved batches count too
 * @param per the window's length, longer than zero
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
