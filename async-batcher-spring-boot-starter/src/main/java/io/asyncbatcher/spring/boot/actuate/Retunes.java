package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.boot.settings.ConfiguredBatchers;
import io.asyncbatcher.spring.boot.settings.PlainOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes batchers while they run, remembers which options it has set, and when, and puts the configured values back. Safe
 * for use by many threads.
 */
final class Retunes {

    /** What an option was set to. */
    private record Retune(@Nullable Object value, Instant at) {}

    private record Change(BatcherOptions before, BatcherOptions after) {}

    private static final Map<String, PlainOption> OPTIONS = PlainOption.ALL.stream()
            .collect(Collectors.toMap(PlainOption::name, option -> option, (a, b) -> a, LinkedHashMap::new));

    private final ConfiguredBatchers configured;
    private final InstantSource clock;
    private final Map<String, Map<String, Retune>> retunes = new ConcurrentHashMap<>();

    Retunes(ConfiguredBatchers configured, InstantSource clock) {
        this.configured = configured;
        this.clock = clock;
    }

    /**
     * Sets options, all or none.
     *
     * @param texts by the options' names
     * @return what has changed, for the log
     * @throws IllegalArgumentException if there is none, or one that isn't known, can't be understood or is out of range;
     *     then nothing has changed
     */
    String retune(AsyncBatcher<?, ?> batcher, Map<String, @Nullable String> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("Name at least one option: " + String.join(", ", OPTIONS.keySet()));
        }
        for (String name : texts.keySet()) {
            if (!OPTIONS.containsKey(name)) {
                throw new IllegalArgumentException("'" + name + "' is no option that can be changed; these are: "
                        + String.join(", ", OPTIONS.keySet()));
            }
        }
        Change change = change(batcher, before -> changed(before, texts));
        remember(batcher, change, texts.keySet());
        return "retune of " + described(change, texts.keySet());
    }

    /**
     * Puts the configured values of all options back.
     *
     * @return what has changed, for the log
     */
    String reset(AsyncBatcher<?, ?> batcher) {
        retunes.remove(batcher.name());
        BatcherOptions options = configured.options(batcher.name());
        Change change = change(batcher, before -> options == null ? before : options);
        Collection<String> different = OPTIONS.keySet().stream()
                .filter(name -> !option(name).isEqual(change.before(), change.after()))
                .toList();
        return "reset" + (different.isEmpty() ? "; nothing differed" : " of " + described(change, different));
    }

    private Change change(AsyncBatcher<?, ?> batcher, UnaryOperator<BatcherOptions> operator) {
        AtomicReference<@Nullable Change> last = new AtomicReference<>();
        try {
            batcher.reconfigure(before -> {
                BatcherOptions after = operator.apply(before);
                last.set(new Change(before, after));
                return after;
            });
        } catch (IllegalArgumentException e) {
            // What is allowed by itself is rejected for what goes together alone: a limit of weight without a weigher.
            throw last.get() == null ? e : noWeigher(batcher.name(), e);
        }
        return Objects.requireNonNull(last.get());
    }

    private IllegalArgumentException noWeigher(String name, IllegalArgumentException rejection) {
        return new IllegalArgumentException(
                "maxBatchWeight of batcher '" + name + "' takes a weigher, and it has none; "
                        + (configured.isOfMethod(name)
                                ? "name a bean of type ToLongFunction by 'batcher.instances." + name
                                        + ".weigher' or @Batched(weigher = \"…\"), and start again"
                                : "build it with maxBatchWeight(limit, weigher)"),
                rejection);
    }

    private static BatcherOptions changed(BatcherOptions before, Map<String, @Nullable String> texts) {
        BatcherOptions after = before;
        for (Map.Entry<String, @Nullable String> text : texts.entrySet()) {
            after = option(text.getKey()).changed(after, text.getValue());
        }
        return after;
    }

    private static String described(Change change, Collection<String> names) {
        return names.stream()
                .map(name -> name + " from " + option(name).shown(change.before()) + " to "
                        + option(name).shown(change.after()))
                .collect(Collectors.joining(", "));
    }

    private void remember(AsyncBatcher<?, ?> batcher, Change change, Collection<String> names) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Map<String, Retune> ofBatcher = retunes.computeIfAbsent(batcher.name(), name -> new ConcurrentHashMap<>());
        for (String name : names) {
            ofBatcher.put(name, new Retune(option(name).shown(change.after()), now));
        }
    }

    /** Where each option got its value; one that has another by now than it was set to here, was set by somebody else since. */
    Map<String, String> origins(AsyncBatcher<?, ?> batcher) {
        BatcherOptions options = batcher.options();
        Map<String, String> origins = new LinkedHashMap<>();
        Map<String, String> set = configured.origins(batcher.name());
        OPTIONS.keySet().forEach(name -> origins.put(name, Objects.requireNonNull(set.get(name))));
        retunes.getOrDefault(batcher.name(), Map.of()).forEach((name, retune) -> {
            if (Objects.equals(option(name).shown(options), retune.value())) {
                origins.put(name, "endpoint at " + retune.at());
            }
        });
        return origins;
    }

    private static PlainOption option(String name) {
        return Objects.requireNonNull(OPTIONS.get(name));
    }
}
