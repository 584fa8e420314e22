package io.asyncbatcher.spring.boot.methods;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says that a name is that of a client, where somebody looked it up and wanted something else. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TakenNameFailureAnalyzer extends AbstractFailureAnalyzer<BeanNotOfRequiredTypeException> {

    private final ConfigurableListableBeanFactory beanFactory;

    TakenNameFailureAnalyzer(BeanFactory beanFactory) {
        this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BeanNotOfRequiredTypeException cause) {
        String name = cause.getBeanName();
        BeanDefinition definition;
        try {
            definition = beanFactory.getMergedBeanDefinition(name);
        } catch (NoSuchBeanDefinitionException e) {
            return null;
        }
        if (!BatchedMethodRegistrar.isClient(definition)) {
            return null;
        }
        return new FailureAnalysis(
                "A bean '" + name + "' of type " + cause.getRequiredType().getName()
                        + " was looked up by its name, but '" + name + "' is the client of "
                        + definition.getResourceDescription() + ".",
                "Name the bean that is meant, as in @Resource(name = \"…\"), or give the batcher another name, as in"
                        + " @Batched(\"" + name + "2\").",
                cause);
    }
}
