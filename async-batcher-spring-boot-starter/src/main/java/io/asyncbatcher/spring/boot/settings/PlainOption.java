package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.BatcherOptions;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * An option that is a plain value: a component of {@link BatcherOptions}, with its {@code with…} method. They are found by
 * reflection, so that an option is declared once in the core and once as a property. Null is the value of an option that
 * has none; only an option that has none by default may have none.
 */
public final class PlainOption {

    /** All of them, in the order of {@link BatcherOptions}. */
    public static final List<PlainOption> ALL = Arrays.stream(BatcherOptions.class.getRecordComponents())
            .filter(component -> !component.getName().equals("name"))
            .map(PlainOption::new)
            .toList();

    /** The names of all of them. */
    static final Set<String> NAMES = ALL.stream().map(PlainOption::name).collect(Collectors.toUnmodifiableSet());

    /** What a time of -1 is bound as; it says that there is no limit. */
    private static final Duration NO_LIMIT = Duration.ofMillis(-1);

    private final String name;
    private final Method getter;
    private final Method setter;
    private final boolean mayBeNone;
    private final Notation notation;

    private PlainOption(RecordComponent component) {
        name = component.getName();
        getter = component.getAccessor();
        setter = Objects.requireNonNull(
                ReflectionUtils.findMethod(
                        BatcherOptions.class, "with" + StringUtils.capitalize(name), component.getType()),
                name);
        mayBeNone = value(BatcherOptions.defaults()) == null;
        Notation ofType = Notation.of(component.getType());
        notation = mayBeNone ? ofType.orNoLimit() : ofType;
    }

    /** Its name in the builder. */
    public String name() {
        return name;
    }

    /** Its name as a property. */
    public String propertyName() {
        return OptionNames.property(name);
    }

    /** What a text must be, for messages. */
    String expected() {
        return notation.expected();
    }

    private @Nullable Object value(BatcherOptions options) {
        return ReflectionUtils.invokeMethod(getter, options);
    }

    private BatcherOptions with(BatcherOptions options, @Nullable Object value) {
        return (BatcherOptions) Objects.requireNonNull(ReflectionUtils.invokeMethod(setter, options, value));
    }

    /** Whether two options of a batcher have the same value. */
    public boolean isEqual(BatcherOptions one, BatcherOptions other) {
        return Objects.equals(value(one), value(other));
    }

    /** Its value as the endpoint writes it. */
    public @Nullable Object shown(BatcherOptions options) {
        Object value = value(options);
        return value == null ? null : notation.shown().apply(value);
    }

    /**
     * A copy of the options with another value of this one.
     *
     * @param text null where an option may be none
     * @throws IllegalArgumentException if it can't be understood or is out of range; says what it must be
     */
    public BatcherOptions changed(BatcherOptions options, @Nullable String text) {
        Object parsed;
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
        return with(options, parsed);
    }

    /**
     * A copy of the options with the value of this one that a layer of settings has.
     *
     * @param setting as it was bound
     * @throws IllegalArgumentException for a text that can't be understood, or if it is out of range
     */
    BatcherOptions set(BatcherOptions options, Object setting) {
        if (setting instanceof String rateLimit) {
            return with(options, Notation.rateLimit(rateLimit));
        }
        return with(options, mayBeNone && setting.equals(NO_LIMIT) ? null : setting);
    }

    /** A copy of a living batcher's options with every change between two readings of its settings. */
    static BatcherOptions carryOver(BatcherOptions before, BatcherOptions after, BatcherOptions live) {
        BatcherOptions changed = live;
        for (PlainOption option : ALL) {
            changed = option.isEqual(before, after) ? changed : option.with(changed, option.value(after));
        }
        return changed;
    }
}
