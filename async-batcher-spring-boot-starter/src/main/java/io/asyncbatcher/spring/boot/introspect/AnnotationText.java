package io.asyncbatcher.spring.boot.introspect;

import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/** Resolves placeholders in the texts of annotations. */
public final class AnnotationText {

    private final ConfigurableListableBeanFactory beanFactory;
    private final Environment environment;

    /** Resolves them by the bean factory, or by the environment as long as the former can't. */
    public AnnotationText(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        this.beanFactory = beanFactory;
        this.environment = environment;
    }

    /**
     * A text without its placeholders.
     *
     * @param annotation as it is written on the method, for messages
     * @throws BatcherConfigurationException if one can't be resolved
     */
    public String resolve(String text, String annotation, Method method) {
        if (text.isEmpty()) {
            return text;
        }
        try {
            return beanFactory.hasEmbeddedValueResolver()
                    ? Objects.requireNonNullElse(beanFactory.resolveEmbeddedValue(text), "")
                    : environment.resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException e) {
            throw new BatcherConfigurationException(
                    "The value of " + annotation + " on " + MethodMessages.describe(method) + " can't be resolved.",
                    "Set the property that it names, or give a default, as in ${name:default}.",
                    e);
        }
    }
}
