package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The settings of one batcher, from the layer that has precedence to the one that has least: its own properties, its
 * annotation, the properties of all. An option that no layer sets keeps the builder's default. A value that is out of
 * range is reported with the place it came from.
 */
final class LayeredSettings {

    private static final String PREFIX = "batcher";
    private static final Bindable<BatcherSettings> BINDABLE = Bindable.of(BatcherSettings.class);

    /** One source of settings, and how a message names an option of it. */
    private record Layer(BatcherSettings settings, UnaryOperator<String> origin) {}

    private final List<Layer> layers;

    private LayeredSettings(List<Layer> layers) {
        this.layers = layers;
    }

    /** The settings of a batcher that has neither annotation nor properties of its own. */
    static LayeredSettings defaults(Environment environment) {
        return new LayeredSettings(List.of(layer(environment, ConfigurationPropertyName.of(PREFIX))));
    }

    static LayeredSettings of(BatchedMethod method, Environment environment) {
        return new LayeredSettings(List.of(
                layer(environment, instance(method.name())),
                annotation(method),
                layer(environment, ConfigurationPropertyName.of(PREFIX))));
    }

    /** Where the properties of the batcher of this name are; names that differ in case or dashes only are equal. */
    static ConfigurationPropertyName instance(String name) {
        return ConfigurationPropertyName.adapt(PREFIX + ".instances." + name, '.');
    }

    /**
     * Sets every option that a layer sets; executors are left to the caller, who knows the beans.
     *
     * @throws BatcherConfigurationException if a value is out of range
     */
    void applyTo(AsyncBatcher.Builder<?, ?> builder) {
        apply("maxBatchSize", BatcherSettings::getMaxBatchSize, builder::maxBatchSize);
        apply("maxQueueTime", BatcherSettings::getMaxQueueTime, builder::maxQueueTime);
        apply("concurrency", BatcherSettings::getConcurrency, builder::concurrency);
        apply("maxQueueSize", BatcherSettings::getMaxQueueSize, builder::maxQueueSize);
        apply("overflow", BatcherSettings::getOverflow, builder::overflow);
        apply("maxBlockTime", BatcherSettings::getMaxBlockTime, builder::maxBlockTime);
    }

    /**
     * Hands the first value that a layer has for an option to its setter.
     *
     * @throws BatcherConfigurationException if the setter refuses the value; names where it came from
     */
    <V> void apply(String option, Function<BatcherSettings, @Nullable V> getter, Consumer<V> setter) {
        for (Layer layer : layers) {
            V value = getter.apply(layer.settings());
            if (value != null) {
                try {
                    setter.accept(value);
                } catch (IllegalArgumentException e) {
                    String origin = layer.origin().apply(option);
                    throw new BatcherConfigurationException(
                            "The value of " + origin + " is not allowed: " + e.getMessage() + ".",
                            "Change " + origin + ".",
                            e);
                }
                return;
            }
        }
    }

    /** Where an option is set, or null if no layer sets it. */
    @Nullable
    String origin(String option) {
        for (Layer layer : layers) {
            BeanWrapper settings = new BeanWrapperImpl(layer.settings());
            if (settings.isReadableProperty(option) && settings.getPropertyValue(option) != null) {
                return layer.origin().apply(option);
            }
        }
        return null;
    }

    private static Layer layer(Environment environment, ConfigurationPropertyName prefix) {
        // Not the properties bean's own map: two spellings of one name would be two keys there.
        BatcherSettings settings =
                Binder.get(environment).bind(prefix, BINDABLE).orElseGet(BatcherSettings::new);
        return new Layer(
                settings,
                option -> PropertyOrigin.describe(environment, prefix.append(BatcherSettings.propertyName(option))));
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
