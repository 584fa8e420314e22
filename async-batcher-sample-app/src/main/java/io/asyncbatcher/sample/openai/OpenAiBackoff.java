package io.asyncbatcher.sample.openai;

import io.asyncbatcher.RateLimitedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * How long OpenAI wants to be left alone: as long as {@code retry-after-ms} or {@code retry-after} says; where neither
 * does, a second, and twice as long each time that this wasn't enough.
 */
final class OpenAiBackoff {

    private static final Duration UNSAID = Duration.ofSeconds(1);

    /** Told to come again at once, one is still one too many. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** OpenAI counts by the minute. Who has used up a day asks now and then. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Clock clock;
    private Instant end = Instant.MIN;
    private Duration unsaid = UNSAID;

    OpenAiBackoff(Clock clock) {
        this.clock = clock;
    }

    /** OpenAI has rejected a request; the exception tells the batcher when to send the next one. */
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

    /** OpenAI has answered a request: the next unstated wait is the first one again. */
    synchronized void reset() {
        unsaid = UNSAID;
    }

    /** How long until the next request may be sent, as far as is known. */
    synchronized Duration remaining() {
        Instant now = clock.instant();
        return end.isAfter(now) ? Duration.between(now, end) : UNSAID;
    }

    /** What {@code retry-after} and its like say in an answer; null if they say nothing. */
    static @Nullable Duration retryAfter(HttpHeaders headers) {
        Long millis = number(headers, "retry-after-ms");
        if (millis != null) {
            return Duration.ofMillis(millis);
        }
        Long seconds = number(headers, "retry-after");
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    private static @Nullable Long number(HttpHeaders headers, String name) {
        String value = headers.getFirst(name);
        return value != null && value.matches("\\d{1,10}(\\.\\d+)?")
                ? (long) Math.ceil(Double.parseDouble(value))
                : null;
    }

    private static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
