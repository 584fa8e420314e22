package io.asyncbatcher.spring.boot.calls;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says how an interface with {@code @BatchedBy} methods becomes a bean, where it was to be injected and isn't one. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingBatchedByBeanFailureAnalyzer
        extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause, @Nullable String description) {
        Class<?> wanted = cause.getBeanType();
        if (cause instanceof NoUniqueBeanDefinitionException
                || wanted == null
                || !wanted.isInterface()
                || BatchedByFinder.annotated(wanted).isEmpty()) {
            return null;
        }
        return new FailureAnalysis(
                (description == null ? "A component" : description) + " required a " + wanted.getName()
                        + ", an interface with @BatchedBy methods that no bean implements.",
                "Declare a @Bean method that takes a BatchedByFactory and returns create(" + wanted.getSimpleName()
                        + ".class) of it.",
                cause);
    }
}
