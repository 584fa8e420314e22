package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes batchers while they run, and remembers which options it has set, and when. Safe for use by many threads. */
final class Retunes {

    /** What an option was set to. */
    private record Retune(@Nullable Object value, Instant at) {}

    private static final Map<String, PlainOption<?>> OPTIONS = PlainOption.ALL.stream()
            .collect(Collectors.toMap(PlainOption::name, option -> option, (a, b) -> a, LinkedHashMap::new));

    private final OptionOrigins others;
    private final InstantSource clock;
    private final Map<String, Map<String, Retune>> retunes = new ConcurrentHashMap<>();

    /** Asks others for what it has not set itself. */
    Retunes(OptionOrigins others, InstantSource clock) {
        this.others = others;
        this.clock = clock;
    }

    /**
     * Sets options, all or none.
     *
     * @param texts by the options' names
     * @throws IllegalArgumentException if there is none, or one that isn't known, can't be understood or is out of range;
     *     then nothing has changed
     */
    void retune(AsyncBatcher<?, ?> batcher, Map<String, @Nullable String> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("Name at least one option: " + String.join(", ", OPTIONS.keySet()));
        }
        for (String name : texts.keySet()) {
            if (!OPTIONS.containsKey(name)) {
                throw new IllegalArgumentException("'" + name + "' is no option that can be changed; these are: "
                        + String.join(", ", OPTIONS.keySet()));
            }
        }
        batcher.reconfigure(before -> changed(before, texts));
        remember(batcher, texts.keySet());
    }

    private static BatcherOptions changed(BatcherOptions before, Map<String, @Nullable String> texts) {
        BatcherOptions after = before;
        for (Map.Entry<String, @Nullable String> text : texts.entrySet()) {
            after = option(text.getKey()).changed(after, text.getValue());
        }
        return after;
    }

    private void remember(AsyncBatcher<?, ?> batcher, Collection<String> names) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        BatcherOptions options = batcher.options();
        Map<String, Retune> ofBatcher = retunes.computeIfAbsent(batcher.name(), name -> new ConcurrentHashMap<>());
        for (String name : names) {
            ofBatcher.put(name, new Retune(option(name).shown(options), now));
        }
    }

    /** Where each option got its value; one that has another by now than it was set to here, was set by somebody else since. */
    Map<String, String> origins(AsyncBatcher<?, ?> batcher) {
        BatcherOptions options = batcher.options();
        Map<String, String> origins = new LinkedHashMap<>();
        OPTIONS.keySet().forEach(name -> origins.put(name, OptionOrigins.CODE));
        others.of(batcher.name()).forEach(origins::replace);
        retunes.getOrDefault(batcher.name(), Map.of()).forEach((name, retune) -> {
            if (Objects.equals(option(name).shown(options), retune.value())) {
                origins.put(name, "endpoint at " + retune.at());
            }
        });
        return origins;
    }

    private static PlainOption<?> option(String name) {
        return Objects.requireNonNull(OPTIONS.get(name));
    }
}
