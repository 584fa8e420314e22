package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The settings of one batcher as they were read, from the layer that has precedence to the one that has least: the
 * synchronous mode where it is on, its own properties, its annotation, the properties of all. An option that no layer sets
 * keeps the builder's default. A value that is not allowed is reported with the place it came from.
 */
final class LayeredSettings {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("batcher");
    private static final Bindable<BatcherSettings> BINDABLE = Bindable.of(BatcherSettings.class);

    /** One source of settings, and how a message names an option of it. */
    private record Layer(BatcherSettings settings, UnaryOperator<String> origin) {

        @Nullable
        Object value(String option) {
            return new BeanWrapperImpl(settings).getPropertyValue(option);
        }
    }

    private final List<Layer> layers;

    private LayeredSettings(List<Layer> layers) {
        this.layers = layers;
    }

    /** The settings of a batcher that has neither annotation nor properties of its own. */
    static LayeredSettings defaults(Environment environment) {
        return new LayeredSettings(List.of(layer(environment, PREFIX)));
    }

    /**
     * Reads the settings of a method's batcher.
     *
     * @throws BatcherConfigurationException if a value can't be understood
     */
    static LayeredSettings of(BatchedMethod method, Environment environment, boolean synchronous) {
        List<Layer> layers = new ArrayList<>();
        if (synchronous) {
            layers.add(synchronous(environment));
        }
        layers.add(layer(environment, instance(method.name())));
        layers.add(annotation(method));
        layers.add(layer(environment, PREFIX));
        return new LayeredSettings(layers);
    }

    /** Where the properties of the batcher of this name are; names that differ in case or dashes only are equal. */
    static ConfigurationPropertyName instance(String name) {
        return ConfigurationPropertyName.adapt(PREFIX + ".instances." + name, '.');
    }

    /**
     * A copy of a batcher's options with every plain one that a layer sets.
     *
     * @throws BatcherConfigurationException if a value is out of range
     */
    BatcherOptions applyTo(BatcherOptions options) {
        BatcherOptions applied = options;
        for (PlainOption<?> option : PlainOption.ALL) {
            applied = apply(option, applied);
        }
        return applied;
    }

    private <V> BatcherOptions apply(PlainOption<V> option, BatcherOptions options) {
        for (Layer layer : layers) {
            try {
                V value = option.setting().apply(layer.settings());
                if (value != null) {
                    return option.with().apply(options, value);
                }
            } catch (IllegalArgumentException e) {
                String origin = layer.origin().apply(option.name());
                throw new BatcherConfigurationException(
                        "The value of " + origin + " is not allowed: " + e.getMessage() + ".",
                        "Change " + origin + ".",
                        e);
            }
        }
        return options;
    }

    /** The names of beans, by the option that names one. An empty name takes away what a later layer names. */
    Map<String, String> beanNames() {
        Map<String, String> names = new TreeMap<>();
        firstLayers().forEach((option, layer) -> {
            if (!PlainOption.NAMES.contains(option) && layer.value(option) instanceof String name && !name.isEmpty()) {
                names.put(option, name);
            }
        });
        return names;
    }

    /** Where each option that a layer sets has its value from, by the option's name, in the words of messages. */
    Map<String, String> origins() {
        Map<String, String> origins = new TreeMap<>();
        firstLayers()
                .forEach((option, layer) -> origins.put(option, layer.origin().apply(option)));
        return origins;
    }

    /** The layer that has the word on each option that is set. */
    private Map<String, Layer> firstLayers() {
        Map<String, Layer> first = new TreeMap<>();
        for (String option : BatcherSettings.optionNames()) {
            layers.stream()
                    .filter(layer -> layer.value(option) != null)
                    .findFirst()
                    .ifPresent(layer -> first.put(option, layer));
        }
        return first;
    }

    /** What makes every item a batch of its own, on the thread that hands it over. */
    private static Layer synchronous(Environment environment) {
        BatcherSettings settings = new BatcherSettings();
        settings.setMaxBatchSize(1);
        settings.setMaxQueueTime(Duration.ZERO);
        settings.setDispatch(DispatchMode.NATURAL);
        // Whoever waited for a slot, or for the time to call again, would be run by another thread.
        settings.setConcurrency(-1);
        settings.setRateLimit("-1");
        settings.setExecutor("");
        settings.setCompletionExecutor("");
        return new Layer(settings, option -> PropertyOrigin.describe(environment, PREFIX.append("synchronous")));
    }

    private static Layer layer(Environment environment, ConfigurationPropertyName prefix) {
        // Not the properties bean's own map: two spellings of one name would be two keys there.
        try {
            BatcherSettings settings =
                    Binder.get(environment).bind(prefix, BINDABLE).orElseGet(BatcherSettings::new);
            return new Layer(
                    settings,
                    option ->
                            PropertyOrigin.describe(environment, prefix.append(BatcherSettings.propertyName(option))));
        } catch (BindException e) {
            ConfigurationProperty property = e.getProperty();
            String origin = property == null ? "'" + e.getName() + "'" : PropertyOrigin.describe(property);
            throw new BatcherConfigurationException(
                    "The value of " + origin + " can't be understood.", "Change " + origin + ".", e);
        }
    }

    private static Layer annotation(BatchedMethod method) {
        Map<String, String> attributes = method.attributes();
        UnaryOperator<String> origin = option -> "@Batched(" + option + ") on " + method.description();
        BatcherSettings settings = new BatcherSettings();
        attributes.forEach((option, value) -> {
            ConfigurationPropertyName name = ConfigurationPropertyName.of(BatcherSettings.propertyName(option));
            try {
                // A binder, so that text becomes a value here just as it does in a property.
                new Binder(new MapConfigurationPropertySource(Map.of(name.toString(), value)))
                        .bind(ConfigurationPropertyName.EMPTY, Bindable.ofInstance(settings));
            } catch (BindException e) {
                throw new BatcherConfigurationException(
                        "The value '" + value + "' of " + origin.apply(option) + " can't be understood.",
                        "Change it to what the property 'batcher." + name + "' takes.",
                        e);
            }
        });
        return new Layer(settings, origin);
    }
}
