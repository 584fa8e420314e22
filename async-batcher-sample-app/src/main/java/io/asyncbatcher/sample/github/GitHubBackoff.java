package io.asyncbatcher.sample.github;

import io.asyncbatcher.RateLimitedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * How long GitHub wants to be left alone: as many seconds as {@code retry-after} says, or until {@code
 * x-ratelimit-reset} where no points remain. Where it says neither, a minute, and twice as long each time that this
 * wasn't enough.
 */
final class GitHubBackoff {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration UNSAID = Duration.ofMinutes(1);

    /** GitHub counts points by the hour: a longer wait is a mistake, of a clock perhaps. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Clock clock;
    private Instant end = Instant.MIN;
    private Duration unsaid = UNSAID;

    GitHubBackoff(Clock clock) {
        this.clock = clock;
    }

    /** GitHub has rejected a query; the exception tells the batcher when to send the next one. */
    synchronized RateLimitedException rateLimited(HttpHeaders headers) {
        Duration wait = retryAfter(headers);
        if (wait == null) {
            wait = unsaid;
            unsaid = bounded(unsaid.multipliedBy(2));
        }
        wait = bounded(wait);
        end = clock.instant().plus(wait);
        return new RateLimitedException(wait);
    }

    /** GitHub has answered a query: the next unstated wait is the first one again. */
    synchronized void reset() {
        unsaid = UNSAID;
    }

    /** How long until the next query may be sent, as far as is known. */
    synchronized Duration remaining() {
        Instant now = clock.instant();
        return end.isAfter(now) ? Duration.between(now, end) : SHORTEST;
    }

    /** What the headers of an answer ask for; null if they say nothing. */
    private @Nullable Duration retryAfter(HttpHeaders headers) {
        Long retryAfter = number(headers, "retry-after");
        if (retryAfter != null) {
            return Duration.ofSeconds(retryAfter);
        }
        Long remaining = number(headers, "x-ratelimit-remaining");
        Long reset = number(headers, "x-ratelimit-reset");
        if (reset == null || remaining == null || remaining > 0) {
            return null;
        }
        return Duration.between(clock.instant(), Instant.ofEpochSecond(reset));
    }

    private static @Nullable Long number(HttpHeaders headers, String name) {
        String value = headers.getFirst(name);
        return value != null && value.matches("\\d{1,10}") ? Long.valueOf(value) : null;
    }

    private static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
