package io.asyncbatcher.spring.boot;

import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * A rate limit as text: calls, a slash, and a time as in any property, {@code 100/1s}; -1 = no limit. Read after binding
 * rather than by a converter: its message then says where the text came from, as those of the other options do.
 */
final class RateLimitText {

    private static final String NO_LIMIT = "-1";
    private static final Pattern LIMIT = Pattern.compile("(\\d{1,9})\\s*/\\s*(.+)");

    private RateLimitText() {}

    /**
     * Reads a limit; empty where there is to be none.
     *
     * @throws IllegalArgumentException if it can't be understood, or is out of range
     */
    static Optional<RateLimit> parse(String text) {
        String limit = text.strip();
        if (limit.equals(NO_LIMIT)) {
            return Optional.empty();
        }
        Matcher parts = LIMIT.matcher(limit);
        if (!parts.matches()) {
            throw malformed(text, null);
        }
        return Optional.of(new RateLimit(Integer.parseInt(parts.group(1)), time(parts.group(2), text)));
    }

    private static Duration time(String time, String text) {
        try {
            return DurationStyle.detectAndParse(time);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw malformed(text, e);
        }
    }

    private static Notation.NotUnderstood malformed(String text, @Nullable RuntimeException cause) {
        return new Notation.NotUnderstood(
                "rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '" + text + "'", cause);
    }
}
