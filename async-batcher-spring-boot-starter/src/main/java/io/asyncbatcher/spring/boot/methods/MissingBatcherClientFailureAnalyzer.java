package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherClient;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/** Says which batchers there are where one was to be injected that isn't there. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingBatcherClientFailureAnalyzer
        extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final ConfigurableListableBeanFactory beanFactory;

    MissingBatcherClientFailureAnalyzer(BeanFactory beanFactory) {
        this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause, @Nullable String description) {
        ResolvableType wanted = cause.getResolvableType();
        if (cause instanceof NoUniqueBeanDefinitionException || wanted == null || !isClient(wanted.toClass())) {
            return null;
        }
        String missing = (description == null ? "A component" : description) + " required a " + simple(wanted)
                + ", which no @Batched method provides";
        if (!beanFactory.containsBean(BatcherFactory.BEAN_NAME)) {
            return new FailureAnalysis(
                    missing + ": batcher.enabled is false.",
                    "Set batcher.enabled to true, or define a bean of this type.",
                    cause);
        }
        String[] clients = beanFactory.getBeanNamesForType(BatcherClient.class, true, false);
        String existing = clients.length == 0
                ? "There are no batchers."
                : Arrays.stream(clients)
                        .sorted()
                        .map(this::describe)
                        .collect(Collectors.joining("\n\t- ", "There are:\n\n\t- ", ""));
        return new FailureAnalysis(
                missing + ". " + existing,
                "Change the types of the injected client to those of a batcher that is there, or annotate a method of a"
                        + " bean with @Batched that takes a list of the items and returns their results.",
                cause);
    }

    private String describe(String beanName) {
        if (!beanFactory.containsBeanDefinition(beanName)) {
            return beanName;
        }
        BeanDefinition definition = beanFactory.getMergedBeanDefinition(beanName);
        ResolvableType client = definition.getResolvableType().as(BatcherClient.class);
        String source = definition.getResourceDescription();
        return beanName
                + (client.resolve() == null ? "" : ": " + simple(client))
                + (source == null ? "" : " of " + source);
    }

    private static boolean isClient(Class<?> type) {
        return type == BatcherClient.class || type == AsyncBatcher.class;
    }

    /** A type without its packages. */
    private static String simple(ResolvableType type) {
        return type.toString().replaceAll("(?:\\w+\\.)+(?=\\w)", "");
    }
}
