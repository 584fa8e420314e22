package io.asyncbatcher.spring.boot;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names the properties below {@code batcher} that don't exist, and those that do. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("batcher");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        Set<ConfigurationProperty> unknown = cause.getUnboundProperties();
        if (!unknown.stream().allMatch(property -> PREFIX.isAncestorOf(property.getName()))) {
            return null;
        }
        String properties = unknown.stream()
                .map(property -> "\t- " + PropertyOrigin.describe(property))
                .collect(Collectors.joining("\n"));
        List<String> options = BatcherSettings.propertyNames(BatcherSettings.class);
        List<String> others = BatcherSettings.propertyNames(BatcherProperties.class).stream()
                .filter(other -> !options.contains(other))
                .toList();
        return new FailureAnalysis(
                "There are no such properties:\n\n" + properties,
                "Correct or remove them. Below 'batcher' and below 'batcher.instances.<name>' there are: "
                        + String.join(", ", options) + "; below 'batcher' also "
                        + String.join(", ", others) + ".",
                cause);
    }
}
