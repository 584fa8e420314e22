package io.asyncbatcher.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.thread.Nanos;
import java.math.BigInteger;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The jitter to the nanosecond; the rest is tested by what users see. */
class RetryDelayTests {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private static long nanos(Duration delay, long began) {
        BatcherOptions options = BatcherOptions.defaults()
                .withMaxRetryDelay(delay.multipliedBy(2))
                .withRetryDelay(delay);
        return RetryDelay.nanos(options, 1, began);
    }

    /** The JDK's generator finishes its first number in the same way. */
    private static long expected(long delay, long began) {
        long share = Math.floorMod(new SplittableRandom(began - GOLDEN_GAMMA).nextLong(), 401) - 200L;
        BigInteger jitter = BigInteger.valueOf(delay).multiply(BigInteger.valueOf(share));
        return delay + jitter.divide(BigInteger.valueOf(1000)).longValueExact();
    }

    @Test
    void theJitterIsThatOfTheTimeAtWhichTheCallBegan() {
        Duration delay = Duration.ofNanos(1_234_567_891);

        for (long began = -1000; began < 1000; began++) {
            assertThat(nanos(delay, began)).as("%d", began).isEqualTo(expected(delay.toNanos(), began));
        }
    }

    @Test
    void theJitterOfAGreatDelayDoesNotOverflow() {
        Duration delay = Duration.ofNanos(Nanos.FOREVER / 2 - 1);

        for (long began = 0; began < 100; began++) {
            assertThat(nanos(delay, began)).as("%d", began).isEqualTo(expected(delay.toNanos(), began));
        }
    }
}
