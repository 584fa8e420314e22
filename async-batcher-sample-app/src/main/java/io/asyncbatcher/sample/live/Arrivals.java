package io.asyncbatcher.sample.live;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** When calls are made. */
enum Arrivals {
    /** Each caller makes its next call when its last one has ended (a closed loop): who is slow is called less. */
    @JsonProperty("callers")
    CALLERS {
        @Override
        LongSupplier gaps(double rate) {
            throw new IllegalStateException("Callers have no rate");
        }
    },

    /** At equal distances, whatever became of earlier calls; so are the next two (open loops). */
    @JsonProperty("steady")
    STEADY {
        @Override
        LongSupplier gaps(double rate) {
            long gapNanos = Math.round(SECOND_NANOS / rate);
            return () -> gapNanos;
        }
    },

    /** At random, as those of many users who don't know of each other: a Poisson process. */
    @JsonProperty("poisson")
    POISSON {
        @Override
        LongSupplier gaps(double rate) {
            // The same seed in every lane: both get the same arrivals.
            SplittableRandom random = new SplittableRandom(42);
            return () -> Math.round(-Math.log(1 - random.nextDouble()) * SECOND_NANOS / rate);
        }
    },

    /** Twice a second, half a second's calls at once. */
    @JsonProperty("bursts")
    BURSTS {
        @Override
        LongSupplier gaps(double rate) {
            long size = Math.max(1, Math.round(rate / 2));
            long pauseNanos = Math.round(SECOND_NANOS / rate * size);
            long[] made = {0};
            return () -> ++made[0] % size == 0 ? pauseNanos : 0;
        }
    };

    private static final double SECOND_NANOS = 1e9;

    /** The distances between one call and the next, in nanoseconds; for use by one thread. */
    abstract LongSupplier gaps(double rate);
}
