package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An option that is a plain value: where it stands in a layer of settings and in the options of a batcher, and how the
 * endpoint writes it. Where an option may be none, its value is an {@link Optional}.
 *
 * @param name as in the builder
 * @param notation how the endpoint writes and reads it
 * @param setting reads it from a layer, null where the layer doesn't set it; throws IllegalArgumentException for a text
 *     that can't be understood
 * @param value reads it from a batcher's options
 * @param with puts it into a batcher's options; throws IllegalArgumentException if it is out of range
 */
record PlainOption<V>(
        String name,
        Notation<V> notation,
        Function<BatcherSettings, @Nullable V> setting,
        Function<BatcherOptions, V> value,
        BiFunction<BatcherOptions, V, BatcherOptions> with) {

    /** All of them, in the order of {@link BatcherOptions}. */
    static final List<PlainOption<?>> ALL = List.of(
            new PlainOption<>(
                    "maxBatchSize",
                    Notation.NUMBER,
                    BatcherSettings::getMaxBatchSize,
                    BatcherOptions::maxBatchSize,
                    BatcherOptions::withMaxBatchSize),
            new PlainOption<>(
                    "maxQueueTime",
                    Notation.TIME,
                    BatcherSettings::getMaxQueueTime,
                    BatcherOptions::maxQueueTime,
                    BatcherOptions::withMaxQueueTime),
            new PlainOption<>(
                    "concurrency",
                    Notation.NUMBER,
                    BatcherSettings::getConcurrency,
                    BatcherOptions::concurrency,
                    BatcherOptions::withConcurrency),
            new PlainOption<>(
                    "maxQueueSize",
                    Notation.NUMBER,
                    BatcherSettings::getMaxQueueSize,
                    BatcherOptions::maxQueueSize,
                    BatcherOptions::withMaxQueueSize),
            new PlainOption<>(
                    "overflow",
                    Notation.choice(OverflowPolicy.class),
                    BatcherSettings::getOverflow,
                    BatcherOptions::overflow,
                    BatcherOptions::withOverflow),
            new PlainOption<>(
                    "maxBlockTime",
                    Notation.TIME,
                    BatcherSettings::getMaxBlockTime,
                    BatcherOptions::maxBlockTime,
                    BatcherOptions::withMaxBlockTime),
            new PlainOption<>(
                    "maxBatchWeight",
                    Notation.LONG_NUMBER,
                    BatcherSettings::getMaxBatchWeight,
                    BatcherOptions::maxBatchWeight,
                    BatcherOptions::withMaxBatchWeight),
            new PlainOption<>(
                    "deduplicate",
                    Notation.SWITCH,
                    BatcherSettings::getDeduplicate,
                    BatcherOptions::deduplicate,
                    BatcherOptions::withDeduplicate),
            new PlainOption<Optional<Duration>>(
                    "batchTimeout",
                    Notation.TIME.orNoLimit(),
                    settings -> limit(settings.getBatchTimeout()),
                    options -> Optional.ofNullable(options.batchTimeout()),
                    (options, timeout) -> options.withBatchTimeout(timeout.orElse(null))),
            new PlainOption<Optional<Duration>>(
                    "itemTimeout",
                    Notation.TIME.orNoLimit(),
                    settings -> limit(settings.getItemTimeout()),
                    options -> Optional.ofNullable(options.itemTimeout()),
                    (options, timeout) -> options.withItemTimeout(timeout.orElse(null))),
            new PlainOption<>(
                    "maxAttempts",
                    Notation.NUMBER,
                    BatcherSettings::getMaxAttempts,
                    BatcherOptions::maxAttempts,
                    BatcherOptions::withMaxAttempts),
            new PlainOption<>(
                    "retryDelay",
                    Notation.TIME,
                    BatcherSettings::getRetryDelay,
                    BatcherOptions::retryDelay,
                    BatcherOptions::withRetryDelay),
            new PlainOption<>(
                    "maxRetryDelay",
                    Notation.TIME,
                    BatcherSettings::getMaxRetryDelay,
                    BatcherOptions::maxRetryDelay,
                    BatcherOptions::withMaxRetryDelay),
            new PlainOption<Optional<RateLimit>>(
                    "rateLimit",
                    Notation.RATE.orNoLimit(),
                    settings -> settings.getRateLimit() == null ? null : RateLimitText.parse(settings.getRateLimit()),
                    options -> Optional.ofNullable(options.rateLimit()),
                    (options, limit) -> options.withRateLimit(limit.orElse(null))),
            new PlainOption<>(
                    "dispatch",
                    Notation.choice(DispatchMode.class),
                    BatcherSettings::getDispatch,
                    BatcherOptions::dispatch,
                    BatcherOptions::withDispatch));

    /** The names of all of them. */
    static final Set<String> NAMES = ALL.stream().map(PlainOption::name).collect(Collectors.toUnmodifiableSet());

    /** What a time of -1 is bound as; it says that there is no limit. */
    private static final Duration NO_LIMIT = Duration.ofMillis(-1);

    /** Whether two options of a batcher have the same value. */
    boolean isEqual(BatcherOptions one, BatcherOptions other) {
        return Objects.equals(value.apply(one), value.apply(other));
    }

    /** Its value as the endpoint writes it. */
    @Nullable
    Object shown(BatcherOptions options) {
        return notation.shown().apply(value.apply(options));
    }

    /**
     * A copy of the options with another value of this one.
     *
     * @param text null where an option may be none
     * @throws IllegalArgumentException if it can't be understood or is out of range; says what it must be
     */
    BatcherOptions changed(BatcherOptions options, @Nullable String text) {
        V parsed;
        try {
            parsed = notation.parse().apply(text == null ? "" : text);
        } catch (RuntimeException e) {
            if (!Notation.isNotUnderstood(e)) {
                throw e;
            }
            throw new IllegalArgumentException(
                    name + " of batcher '" + options.name() + "' must be " + notation.expected() + ", but is "
                            + (text == null ? "null" : "'" + text + "'"),
                    e);
        }
        return with.apply(options, parsed);
    }

    /** A copy of some options with the value that others have of this one. */
    BatcherOptions copy(BatcherOptions from, BatcherOptions to) {
        return with.apply(to, value.apply(from));
    }

    /** A copy of a living batcher's options with every change between two readings of its settings. */
    static BatcherOptions carryOver(BatcherOptions before, BatcherOptions after, BatcherOptions live) {
        BatcherOptions changed = live;
        for (PlainOption<?> option : ALL) {
            changed = option.isEqual(before, after) ? changed : option.copy(after, changed);
        }
        return changed;
    }

    @SuppressWarnings("NullableOptional") // null = not set, empty = none
    private static @Nullable Optional<Duration> limit(@Nullable Duration time) {
        return time == null ? null : Optional.of(time).filter(limit -> !limit.equals(NO_LIMIT));
    }
}
