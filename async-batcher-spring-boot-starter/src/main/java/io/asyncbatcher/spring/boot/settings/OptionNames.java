package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.spring.boot.BatcherSettings;
import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.BeanUtils;

/** The names of the options, as in the builder and as properties, read from the setters of {@link BatcherSettings}. */
final class OptionNames {

    static final String TRACING = "tracing";

    /** All of them. */
    static final List<String> ALL = settable(BatcherSettings.class);

    private OptionNames() {}

    /** An option's name as a property: {@code maxBatchSize} becomes {@code max-batch-size}. */
    static String property(String option) {
        return option.replaceAll("(\\p{Upper})", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The names of all properties that can be set on a class. */
    static List<String> properties(Class<?> type) {
        return settable(type).stream().map(OptionNames::property).toList();
    }

    private static List<String> settable(Class<?> type) {
        return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
                .filter(property -> property.getWriteMethod() != null)
                .map(PropertyDescriptor::getName)
                .toList();
    }
}
