package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;

/**
 * An option of a live batcher as the endpoint shows and changes it. Every value that is shown can be sent back: times as
 * in ISO 8601, choices in lower case, null where there is none.
 *
 * @param name as in the builder
 * @param expected what a text must be, for messages
 * @param shown its value
 * @param change a copy of options with the value that a text stands for; empty = null
 */
record RetunableOption(
        String name,
        String expected,
        Function<BatcherOptions, @Nullable Object> shown,
        BiFunction<BatcherOptions, String, BatcherOptions> change) {

    private static final String NO_LIMIT = "-1";

    /** All of them, in the order of {@link BatcherOptions}. */
    static final List<RetunableOption> ALL = List.of(
            number("maxBatchSize", BatcherOptions::maxBatchSize, BatcherOptions::withMaxBatchSize),
            time("maxQueueTime", BatcherOptions::maxQueueTime, BatcherOptions::withMaxQueueTime),
            number("concurrency", BatcherOptions::concurrency, BatcherOptions::withConcurrency),
            number("maxQueueSize", BatcherOptions::maxQueueSize, BatcherOptions::withMaxQueueSize),
            choice("overflow", OverflowPolicy.class, BatcherOptions::overflow, BatcherOptions::withOverflow),
            time("maxBlockTime", BatcherOptions::maxBlockTime, BatcherOptions::withMaxBlockTime),
            new RetunableOption(
                    "maxBatchWeight",
                    "a whole number",
                    BatcherOptions::maxBatchWeight,
                    (options, text) -> options.withMaxBatchWeight(value(text, Long.class))),
            new RetunableOption(
                    "deduplicate",
                    "true or false",
                    BatcherOptions::deduplicate,
                    (options, text) -> options.withDeduplicate(value(text, Boolean.class))),
            time("batchTimeout", BatcherOptions::batchTimeout, BatcherOptions::withBatchTimeout)
                    .orNoLimit(options -> options.withBatchTimeout(null)),
            number("maxAttempts", BatcherOptions::maxAttempts, BatcherOptions::withMaxAttempts),
            new RetunableOption(
                            "rateLimit",
                            "batches per time, as in 100/1s",
                            options -> text(options.rateLimit()),
                            (options, text) -> options.withRateLimit(rateLimit(text)))
                    .orNoLimit(options -> options.withRateLimit(null)),
            choice("dispatch", DispatchMode.class, BatcherOptions::dispatch, BatcherOptions::withDispatch));

    private static RetunableOption number(
            String name,
            Function<BatcherOptions, @Nullable Object> shown,
            BiFunction<BatcherOptions, Integer, BatcherOptions> with) {
        return new RetunableOption(
                name, "a whole number", shown, (options, text) -> with.apply(options, value(text, Integer.class)));
    }

    private static RetunableOption time(
            String name,
            Function<BatcherOptions, @Nullable Duration> time,
            BiFunction<BatcherOptions, Duration, BatcherOptions> with) {
        return new RetunableOption(
                name,
                "a time, as in 5ms or PT0.005S",
                options -> text(time.apply(options)),
                (options, text) -> with.apply(options, value(text, Duration.class)));
    }

    private static <E extends Enum<E>> RetunableOption choice(
            String name,
            Class<E> type,
            Function<BatcherOptions, E> choice,
            BiFunction<BatcherOptions, E, BatcherOptions> with) {
        String choices = Arrays.stream(type.getEnumConstants())
                .map(RetunableOption::text)
                .collect(Collectors.joining(" or "));
        return new RetunableOption(
                name,
                choices,
                options -> text(choice.apply(options)),
                (options, text) -> with.apply(options, value(text, type)));
    }

    private RetunableOption orNoLimit(Function<BatcherOptions, BatcherOptions> without) {
        return new RetunableOption(
                name,
                expected + ", or -1 for no limit",
                shown,
                (options, text) ->
                        text.isEmpty() || text.equals(NO_LIMIT) ? without.apply(options) : change.apply(options, text));
    }

    /** The value that a text stands for; the same texts as in a property. */
    private static <V> V value(String text, Class<V> type) {
        V value = ApplicationConversionService.getSharedInstance().convert(text.strip(), type);
        if (value == null) {
            throw new NotUnderstood();
        }
        return value;
    }

    private static RateLimit rateLimit(String text) {
        String[] parts = text.split("/", 2);
        if (parts.length < 2) {
            throw new NotUnderstood();
        }
        return new RateLimit(value(parts[0], Integer.class), value(parts[1], Duration.class));
    }

    /**
     * A copy of the options with another value of this one.
     *
     * @param text null where an option may be none
     * @throws IllegalArgumentException if it can't be understood or is out of range; says what it must be
     */
    BatcherOptions changed(BatcherOptions options, @Nullable String text) {
        try {
            return change.apply(options, text == null ? "" : text);
        } catch (NotUnderstood | ConversionException e) {
            throw new IllegalArgumentException(
                    name + " of batcher '" + options.name() + "' must be " + expected + ", but is "
                            + (text == null ? "null" : "'" + text + "'"),
                    e);
        }
    }

    private static @Nullable String text(@Nullable Duration time) {
        return time == null ? null : time.toString();
    }

    private static @Nullable String text(@Nullable RateLimit limit) {
        return limit == null ? null : limit.batches() + "/" + limit.per();
    }

    /** A choice as it is shown: in lower case. */
    static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A text doesn't stand for any value. */
    private static final class NotUnderstood extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
