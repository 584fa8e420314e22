package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.BatcherOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The settings of one batcher as they were read, from the layer that has precedence to the one that has least: the
 * synchronous mode where it is on, its own properties, its annotation, the properties of all. An option that no layer sets
 * keeps the builder's default. A value that is not allowed is reported with the place it came from.
 */
public final class LayeredSettings {

    /** The options that name beans. */
    static final List<String> BEAN_OPTIONS = OptionNames.ALL.stream()
            .filter(option -> !PlainOption.NAMES.contains(option) && !option.equals(OptionNames.TRACING))
            .toList();

    private final List<SettingsLayer> layers;

    LayeredSettings(List<SettingsLayer> layers) {
        this.layers = List.copyOf(layers);
    }

    /**
     * A copy of a batcher's options with every plain one that a layer sets.
     *
     * @throws BatcherConfigurationException if a value is out of range
     */
    BatcherOptions applyTo(BatcherOptions options) {
        BatcherOptions applied = options;
        for (PlainOption option : PlainOption.ALL) {
            applied = apply(option, applied);
        }
        return applied;
    }

    private BatcherOptions apply(PlainOption option, BatcherOptions options) {
        for (SettingsLayer layer : layers) {
            Object value = layer.values().get(option.name());
            if (value != null) {
                try {
                    return option.set(options, value);
                } catch (IllegalArgumentException e) {
                    String origin = Objects.requireNonNull(layer.origins().get(option.name()));
                    throw new BatcherConfigurationException(
                            "The value of " + origin + " is not allowed: " + e.getMessage() + ".",
                            "Change " + origin + ".",
                            e);
                }
            }
        }
        return options;
    }

    /** The names of beans, by the option that names one. An empty name takes away what a later layer names. */
    public Map<String, String> beanNames() {
        Map<String, String> names = new TreeMap<>();
        for (String option : BEAN_OPTIONS) {
            for (SettingsLayer layer : layers) {
                if (layer.values().get(option) instanceof String name) {
                    if (!name.isEmpty()) {
                        names.put(option, name);
                    }
                    break;
                }
            }
        }
        return names;
    }

    /** Whether the batches are traced. */
    boolean isTraced() {
        for (SettingsLayer layer : layers) {
            if (layer.values().get(OptionNames.TRACING) instanceof Boolean tracing) {
                return tracing;
            }
        }
        return true;
    }

    /** Where each option that a layer sets has its value from, by the option's name, in the words of messages. */
    public Map<String, String> origins() {
        Map<String, String> origins = new TreeMap<>();
        layers.forEach(layer -> layer.origins().forEach(origins::putIfAbsent));
        return origins;
    }
}
