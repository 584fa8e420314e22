package io.asyncbatcher.spring.boot.settings;

import io.asyncbatcher.spring.boot.BatcherSettings;
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

/** Names the properties below {@code batcher} that don't exist, what each may mean, and those that do. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("batcher");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        Set<ConfigurationProperty> unknown = cause.getUnboundProperties();
        if (!unknown.stream().allMatch(property -> PREFIX.isAncestorOf(property.getName()))) {
            return null;
        }
        List<String> options = OptionNames.properties(BatcherSettings.class);
        List<String> others = BatcherProperties.otherNames();
        SimilarProperties similar = new SimilarProperties(options, others);
        String properties = unknown.stream()
                .map(property -> "\t- " + PropertyOrigin.describe(property) + question(similar.to(property.getName())))
                .collect(Collectors.joining("\n"));
        return new FailureAnalysis(
                "There are no such properties:\n\n" + properties,
                "Correct or remove them. Below 'batcher' and below 'batcher.instances.<name>' there are: "
                        + String.join(", ", options) + "; below 'batcher' also "
                        + String.join(", ", others) + ".",
                cause);
    }

    private static String question(List<String> similar) {
        return similar.isEmpty()
                ? ""
                : similar.stream()
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(" or ", ": did you mean ", "?"));
    }
}
