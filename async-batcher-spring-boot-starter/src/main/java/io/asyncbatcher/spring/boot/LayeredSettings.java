package io.asyncbatcher.spring.boot;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.DispatchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;

/**
 * The settings of one batcher as they were read, from the layer that has precedence to the one that has least: the
 * synchronous mode where it is on, its own properties, its annotation, the properties of all. An option that no layer sets
 * keeps the builder's default. A value that is not allowed is reported with the place it came from.
 */
final class LayeredSettings {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("batcher");
    private static final ConfigurationPropertyName INSTANCES = PREFIX.append("instances");
    private static final Bindable<BatcherSettings> BINDABLE = Bindable.of(BatcherSettings.class);

    private static final String TRACING = "tracing";

    /** Nothing is set. */
    static final LayeredSettings NONE = new LayeredSettings(List.of(), false);

    /** The options that name beans. */
    static final List<String> BEAN_OPTIONS = BatcherSettings.optionNames().stream()
            .filter(option -> !PlainOption.NAMES.contains(option) && !option.equals(TRACING))
            .toList();

    /**
     * One source of settings.
     *
     * @param values of the options that it sets
     * @param origins of these, as a message names them
     */
    private record Layer(BatcherSettings settings, Map<String, Object> values, Map<String, String> origins) {

        static Layer of(BatcherSettings settings, UnaryOperator<String> origin) {
            Map<String, Object> values = new LinkedHashMap<>();
            Map<String, String> origins = new LinkedHashMap<>();
            BeanWrapper properties = new BeanWrapperImpl(settings);
            for (String option : BatcherSettings.optionNames()) {
                Object value = properties.getPropertyValue(option);
                if (value != null) {
                    values.put(option, value);
                    origins.put(option, origin.apply(option));
                }
            }
            return new Layer(settings, values, origins);
        }
    }

    private final List<Layer> layers;
    private final boolean instances;

    /**
     * Puts layers together.
     *
     * @param instances whether there may be properties of single batchers
     */
    private LayeredSettings(List<Layer> layers, boolean instances) {
        this.layers = layers;
        this.instances = instances;
    }

    /** The settings of a batcher that has neither annotation nor properties of its own, as they are now. */
    static LayeredSettings defaults(Environment environment) {
        return new LayeredSettings(List.of(layer(environment, PREFIX)), mayHave(environment, INSTANCES));
    }

    private static UnaryOperator<String> origin(Environment environment, ConfigurationPropertyName prefix) {
        return option -> PropertyOrigin.describe(environment, prefix.append(BatcherSettings.propertyName(option)));
    }

    /**
     * Reads the settings of a method's batcher.
     *
     * @throws BatcherConfigurationException if a value can't be understood
     */
    static LayeredSettings of(BatchedMethod method, Environment environment, boolean synchronous) {
        return defaults(environment).with(method, environment, synchronous);
    }

    /**
     * The settings of a method's batcher, of which these are the defaults: most batchers have no properties of their own,
     * and then only its annotation is read.
     *
     * @throws BatcherConfigurationException if a value can't be understood
     */
    LayeredSettings with(BatchedMethod method, Environment environment, boolean synchronous) {
        List<Layer> all = new ArrayList<>();
        if (synchronous) {
            all.add(synchronous(environment));
        }
        if (instances) {
            ConfigurationPropertyName instance = instance(method.name());
            if (mayHave(environment, instance)) {
                all.add(layer(environment, instance));
            }
        }
        if (!method.attributes().isEmpty()) {
            all.add(annotation(method));
        }
        all.addAll(layers);
        return new LayeredSettings(all, instances);
    }

    /** Whether a batcher that is no method's is traced: it has properties, but neither annotation nor other layers. */
    static boolean isTraced(String name, Environment environment) {
        return new LayeredSettings(List.of(layer(environment, instance(name)), layer(environment, PREFIX)), true)
                .isTraced();
    }

    /**
     * The settings of a batcher that the application built: its own properties.
     *
     * @throws BatcherConfigurationException if a value can't be understood, or names a bean: these can't be changed once a
     *     batcher is built
     */
    static LayeredSettings ofDeclared(String name, Environment environment) {
        ConfigurationPropertyName instance = instance(name);
        if (!mayHave(environment, instance)) {
            return NONE;
        }
        LayeredSettings own = new LayeredSettings(List.of(layer(environment, instance)), true);
        own.beanNames().keySet().stream().findFirst().ifPresent(option -> {
            String origin = Objects.requireNonNull(own.origins().get(option));
            throw new BatcherConfigurationException(
                    origin + " names a bean for the batcher '" + name + "', which the application builds by itself:"
                            + " only options that are plain values can be set for it.",
                    "Remove " + origin + ", and use AsyncBatcher.Builder." + option + ".");
        });
        return own;
    }

    private static boolean mayHave(Environment environment, ConfigurationPropertyName prefix) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(prefix) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    /** Where the properties of the batcher of this name are; names that differ in case or dashes only are equal. */
    static ConfigurationPropertyName instance(String name) {
        return ConfigurationPropertyName.adapt(INSTANCES + "." + name, '.');
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
                String origin = Objects.requireNonNull(layer.origins().get(option.name()));
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
        for (String option : BEAN_OPTIONS) {
            for (Layer layer : layers) {
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
        for (Layer layer : layers) {
            Boolean tracing = layer.settings().getTracing();
            if (tracing != null) {
                return tracing;
            }
        }
        return true;
    }

    /** Where each option that a layer sets has its value from, by the option's name, in the words of messages. */
    Map<String, String> origins() {
        Map<String, String> origins = new TreeMap<>();
        layers.forEach(layer -> layer.origins().forEach(origins::putIfAbsent));
        return origins;
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
        return Layer.of(settings, option -> PropertyOrigin.describe(environment, PREFIX.append("synchronous")));
    }

    private static Layer layer(Environment environment, ConfigurationPropertyName prefix) {
        // Not the properties bean's own map: two spellings of one name would be two keys there.
        try {
            BatcherSettings settings =
                    Binder.get(environment).bind(prefix, BINDABLE).orElseGet(BatcherSettings::new);
            return Layer.of(settings, origin(environment, prefix));
        } catch (BindException e) {
            ConfigurationProperty property = e.getProperty();
            String origin = property == null ? "'" + e.getName() + "'" : PropertyOrigin.describe(property);
            throw new BatcherConfigurationException(
                    "The value of " + origin + " can't be understood" + expected(e.getName()) + ".",
                    "Change " + origin + ".",
                    e);
        }
    }

    /** What a property must be, in the words of messages. */
    private static String expected(ConfigurationPropertyName property) {
        String last = property.getLastElement(ConfigurationPropertyName.Form.UNIFORM);
        return BatcherSettings.optionNames().stream()
                .filter(option -> last.equals(option.toLowerCase(Locale.ROOT)))
                .map(LayeredSettings::expected)
                .findFirst()
                .orElse("");
    }

    private static String expected(String option) {
        return PlainOption.ALL.stream()
                .filter(plain -> plain.name().equals(option))
                .map(plain -> ": it must be " + plain.notation().expected())
                .findFirst()
                .orElse(option.equals(TRACING) ? ": it must be true or false" : "");
    }

    private static Layer annotation(BatchedMethod method) {
        BatcherSettings settings = new BatcherSettings();
        BeanWrapper properties = new BeanWrapperImpl(settings);
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        method.attributes().forEach((option, text) -> {
            String origin = "@Batched(" + option + ") on " + method.description();
            Object value = value(option, text, Objects.requireNonNull(properties.getPropertyType(option)), origin);
            properties.setPropertyValue(option, value);
            values.put(option, value);
            origins.put(option, origin);
        });
        return new Layer(settings, values, origins);
    }

    /** Text becomes a value as it does in a property. */
    private static Object value(String option, String text, Class<?> type, String origin) {
        try {
            return Objects.requireNonNull(
                    ApplicationConversionService.getSharedInstance().convert(text, type));
        } catch (ConversionException e) {
            throw new BatcherConfigurationException(
                    "The value '" + text + "' of " + origin + " can't be understood" + expected(option) + ".",
                    "Change it to what the property 'batcher." + BatcherSettings.propertyName(option) + "' takes.",
                    e);
        }
    }
}
