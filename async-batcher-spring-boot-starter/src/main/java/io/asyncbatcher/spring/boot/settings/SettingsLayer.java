package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.spring.boot.BatcherSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
 * One source of settings: the properties of all batchers or of one, an annotation, or the synchronous mode.
 *
 * @param values of the options that it sets
 * @param origins of these, as a message names them
 */
record SettingsLayer(Map<String, Object> values, Map<String, String> origins) {

    static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("batcher");
    static final ConfigurationPropertyName INSTANCES = PREFIX.append("instances");

    private static final Bindable<BatcherSettings> BINDABLE = Bindable.of(BatcherSettings.class);

    /** Where the properties of the batcher of this name are; names that differ in case or dashes only are equal. */
    static ConfigurationPropertyName instance(String name) {
        return ConfigurationPropertyName.adapt(INSTANCES + "." + name, '.');
    }

    /** Whether there may be properties below a name. */
    static boolean mayBeBelow(ConfigurationPropertyName prefix, Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(prefix) != ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    /**
     * Binds the properties below a name.
     *
     * @throws BatcherConfigurationException if a value can't be understood
     */
    static SettingsLayer bound(ConfigurationPropertyName prefix, Environment environment) {
        // Not the properties bean's own map: two spellings of one name would be two keys there.
        try {
            return bound(
                    Binder.get(environment).bind(prefix, BINDABLE).orElseGet(BatcherSettings::new),
                    prefix,
                    environment);
        } catch (BindException e) {
            ConfigurationProperty property = e.getProperty();
            String origin = property == null ? "'" + e.getName() + "'" : PropertyOrigin.describe(property);
            throw new BatcherConfigurationException(
                    "The value of " + origin + " can't be understood" + expected(e.getName()) + ".",
                    "Change " + origin + ".",
                    e);
        }
    }

    /** What was bound to the properties below a name. */
    static SettingsLayer bound(BatcherSettings settings, ConfigurationPropertyName prefix, Environment environment) {
        return of(
                settings, option -> PropertyOrigin.describe(environment, prefix.append(OptionNames.property(option))));
    }

    /** What makes every item a batch of its own, on the thread that hands it over. */
    static SettingsLayer synchronous(Environment environment) {
        BatcherSettings settings = new BatcherSettings();
        settings.setMaxBatchSize(1);
        settings.setMaxQueueTime(Duration.ZERO);
        settings.setDispatch(DispatchMode.NATURAL);
        // Whoever waited for a slot, or for the time to call again, would be run by another thread.
        settings.setConcurrency(-1);
        settings.setRateLimit("-1");
        settings.setExecutor("");
        settings.setCompletionExecutor("");
        return of(settings, option -> PropertyOrigin.describe(environment, PREFIX.append("synchronous")));
    }

    private static SettingsLayer of(BatcherSettings settings, UnaryOperator<String> origin) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        BeanWrapper properties = new BeanWrapperImpl(settings);
        for (String option : OptionNames.ALL) {
            Object value = properties.getPropertyValue(option);
            if (value != null) {
                values.put(option, value);
                origins.put(option, origin.apply(option));
            }
        }
        return new SettingsLayer(values, origins);
    }

    /**
     * Reads the attributes of an annotation. Text becomes a value as it does in a property.
     *
     * @throws BatcherConfigurationException if one can't be understood
     */
    static SettingsLayer of(AnnotatedBatcher annotated) {
        BeanWrapper types = new BeanWrapperImpl(new BatcherSettings());
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        annotated.attributes().forEach((option, text) -> {
            String origin = "@Batched(" + option + ") on " + annotated.description();
            values.put(option, value(option, text, Objects.requireNonNull(types.getPropertyType(option)), origin));
            origins.put(option, origin);
        });
        return new SettingsLayer(values, origins);
    }

    private static Object value(String option, String text, Class<?> type, String origin) {
        try {
            return Objects.requireNonNull(
                    ApplicationConversionService.getSharedInstance().convert(text, type));
        } catch (ConversionException e) {
            throw new BatcherConfigurationException(
                    "The value '" + text + "' of " + origin + " can't be understood" + expected(option) + ".",
                    "Change it to what the property 'batcher." + OptionNames.property(option) + "' takes.",
                    e);
        }
    }

    /** What a property must be, in the words of messages. */
    private static String expected(ConfigurationPropertyName property) {
        String last = property.getLastElement(ConfigurationPropertyName.Form.UNIFORM);
        return OptionNames.ALL.stream()
                .filter(option -> last.equals(option.toLowerCase(Locale.ROOT)))
                .map(SettingsLayer::expected)
                .findFirst()
                .orElse("");
    }

    private static String expected(String option) {
        return PlainOption.ALL.stream()
                .filter(plain -> plain.name().equals(option))
                .map(plain -> ": it must be " + plain.expected())
                .findFirst()
                .orElse(option.equals(OptionNames.TRACING) ? ": it must be true or false" : "");
    }
}
