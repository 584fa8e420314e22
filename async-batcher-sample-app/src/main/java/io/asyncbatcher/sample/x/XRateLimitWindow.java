package io.asyncbatcher.sample.x;

import io.asyncbatcher.RateLimitedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** When X's next window begins: at {@code x-rate-limit-reset}, in seconds since 1970. */
final class XRateLimitWindow {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration UNSAID = Duration.ofMinutes(1);

    /** A whole window: a longer wait is a mistake, of a clock perhaps. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Clock clock;
    private volatile Instant end = Instant.MIN;

    XRateLimitWindow(Clock clock) {
        this.clock = clock;
    }

    /** X has rejected a call; the exception tells the batcher when to make the next one. */
    RateLimitedException rateLimited(HttpHeaders headers) {
        Instant now = clock.instant();
        Duration wait = bounded(untilReset(now, headers.getFirst("x-rate-limit-reset")));
        end = now.plus(wait);
        return new RateLimitedException(wait);
    }

    /** How long until the next call may be made, as far as is known. */
    Duration remaining() {
        Instant now = clock.instant();
        return end.isAfter(now) ? Duration.between(now, end) : SHORTEST;
    }

    private static Duration untilReset(Instant now, @Nullable String reset) {
        return reset != null && reset.matches("\\d{1,10}")
                ? Duration.between(now, Instant.ofEpochSecond(Long.parseLong(reset)))
                : UNSAID;
    }

    private static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
