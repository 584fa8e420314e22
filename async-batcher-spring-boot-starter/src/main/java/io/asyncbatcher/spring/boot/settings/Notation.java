package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;

/**
 * How the endpoint writes and reads the values of an option. What it writes can be sent back: numbers as such, times as in
 * ISO 8601, choices in lower case, null where there is none; and it reads the same texts as a property has.
 *
 * @param expected what a text must be, for messages
 * @param shown a value as it is written
 * @param parse reads a text; null = no limit; throws NotUnderstood or ConversionException
 */
public record Notation(String expected, Function<Object, Object> shown, Function<String, @Nullable Object> parse) {

    private static final String NO_LIMIT = "-1";

    /** Calls, a slash, and a time as in any property, {@code 100/1s}. */
    private static final Pattern RATE_LIMIT = Pattern.compile("(\\d{1,9})\\s*/\\s*(.+)");

    /** A text doesn't stand for any value. */
    static final class NotUnderstood extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        NotUnderstood(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The notation of values of a type. */
    static Notation of(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed == RateLimit.class) {
            return new Notation("calls per time, as in 100/1s", Notation::shown, Notation::rateLimit);
        }
        return new Notation(expected(boxed), Notation::shown, text -> converted(text, boxed));
    }

    /** The same of an option that may be none. */
    Notation orNoLimit() {
        return new Notation(
                expected + ", or -1 for no limit",
                shown,
                text -> text.isEmpty() || text.equals(NO_LIMIT) ? null : parse.apply(text));
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(choice -> text((Enum<?>) choice))
                    .collect(Collectors.joining(" or "));
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        return type == Duration.class ? "a time, as in 5ms or PT0.005S" : "a whole number";
    }

    private static Object shown(Object value) {
        if (value instanceof Enum<?> choice) {
            return text(choice);
        }
        if (value instanceof RateLimit limit) {
            return limit.batches() + "/" + limit.per();
        }
        return value instanceof Duration ? value.toString() : value;
    }

    private static Object converted(String text, Class<?> type) {
        Object value = ApplicationConversionService.getSharedInstance().convert(text.strip(), type);
        if (value == null) {
            throw new NotUnderstood("empty", null);
        }
        return value;
    }

    /**
     * Reads a rate limit; null where there is to be none. It is read after binding rather than by a converter: its message
     * then says where the text came from, as those of the other options do.
     *
     * @throws IllegalArgumentException if it can't be understood, or is out of range
     */
    static @Nullable RateLimit rateLimit(String text) {
        String limit = text.strip();
        if (limit.equals(NO_LIMIT)) {
            return null;
        }
        Matcher parts = RATE_LIMIT.matcher(limit);
        if (!parts.matches()) {
            throw malformed(text, null);
        }
        Duration per;
        try {
            per = DurationStyle.detectAndParse(parts.group(2));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw malformed(text, e);
        }
        return new RateLimit(Integer.parseInt(parts.group(1)), per);
    }

    private static NotUnderstood malformed(String text, @Nullable RuntimeException cause) {
        return new NotUnderstood(
                "rateLimit must be calls per time, as in 100/1s, or -1 for no limit, but is '" + text + "'", cause);
    }

    /** Whether a text could not be read by {@link #parse}, as against a value that is out of range. */
    static boolean isNotUnderstood(RuntimeException failure) {
        return failure instanceof NotUnderstood || failure instanceof ConversionException;
    }

    /** A choice as it is written: in lower case. */
    public static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
