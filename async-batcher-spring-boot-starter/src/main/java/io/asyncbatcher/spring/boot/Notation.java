package io.asyncbatcher.spring.boot;

import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;

/**
 * How the endpoint writes and reads the values of an option. What it writes can be sent back: numbers as such, times as in
 * ISO 8601, choices in lower case, null where there is none; and it reads the same texts as a property has.
 *
 * @param expected what a text must be, for messages
 * @param shown a value as it is written
 * @param parse reads a text, empty = null; throws NotUnderstood or ConversionException
 */
record Notation<V>(String expected, Function<V, @Nullable Object> shown, Function<String, V> parse) {

    static final Notation<Integer> NUMBER = of("a whole number", Integer.class);
    static final Notation<Long> LONG_NUMBER = of("a whole number", Long.class);
    static final Notation<Boolean> SWITCH = of("true or false", Boolean.class);
    static final Notation<Duration> TIME = of("a time, as in 5ms or PT0.005S", Duration.class, Duration::toString);
    static final Notation<RateLimit> RATE = new Notation<>(
            "calls per time, as in 100/1s",
            limit -> limit.batches() + "/" + limit.per(),
            text -> RateLimitText.parse(text).orElseThrow(() -> new NotUnderstood("no limit", null)));

    private static final String NO_LIMIT = "-1";

    /** A text doesn't stand for any value. */
    static final class NotUnderstood extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        NotUnderstood(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    static <E extends Enum<E>> Notation<E> choice(Class<E> type) {
        String choices =
                Arrays.stream(type.getEnumConstants()).map(Notation::text).collect(Collectors.joining(" or "));
        return of(choices, type, Notation::text);
    }

    private static <V> Notation<V> of(String expected, Class<V> type) {
        return of(expected, type, value -> value);
    }

    private static <V> Notation<V> of(String expected, Class<V> type, Function<V, @Nullable Object> shown) {
        return new Notation<>(expected, shown, text -> {
            V value = ApplicationConversionService.getSharedInstance().convert(text.strip(), type);
            if (value == null) {
                throw new NotUnderstood("empty", null);
            }
            return value;
        });
    }

    /** The same of an option that may be none. */
    Notation<Optional<V>> orNoLimit() {
        return new Notation<>(
                expected + ", or -1 for no limit",
                value -> value.map(shown).orElse(null),
                text -> text.isEmpty() || text.equals(NO_LIMIT) ? Optional.empty() : Optional.of(parse.apply(text)));
    }

    /** Whether a text could not be read by {@link #parse}, as against a value that is out of range. */
    static boolean isNotUnderstood(RuntimeException failure) {
        return failure instanceof NotUnderstood || failure instanceof ConversionException;
    }

    /** A choice as it is written: in lower case. */
    static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
