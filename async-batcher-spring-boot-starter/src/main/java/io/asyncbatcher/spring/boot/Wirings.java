package io.asyncbatcher.spring.boot;

import io.asyncbatcher.AsyncBatcher;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** Knows what each batcher bean is made of. */
final class Wirings implements AopInfrastructureBean {

    private final Batchers batchers;
    private final BatcherFactory factory;
    private final ConfigurableListableBeanFactory beanFactory;

    Wirings(Batchers batchers, BatcherFactory factory, ConfigurableListableBeanFactory beanFactory) {
        this.batchers = batchers;
        this.factory = factory;
        this.beanFactory = beanFactory;
    }

    Wiring of(AsyncBatcher<?, ?> batcher) {
        BatchedMethod method = factory.method(batcher.name());
        if (method != null) {
            Map<String, @Nullable String> beans = new TreeMap<>();
            LayeredSettings.BEAN_OPTIONS.forEach(option -> beans.put(option, null));
            beans.putAll(factory.beanNames(batcher.name()));
            return new Wiring(
                    method.beanName(),
                    method.description(),
                    method.signature().item().toString(),
                    method.signature().result().toString(),
                    beans);
        }
        String bean = batchers.beanName(batcher.name());
        ResolvableType type =
                bean == null ? ResolvableType.NONE : declaredType(bean).as(AsyncBatcher.class);
        return new Wiring(bean, null, text(type.getGeneric(0)), text(type.getGeneric(1)), Map.of());
    }

    private ResolvableType declaredType(String bean) {
        try {
            return beanFactory.getMergedBeanDefinition(bean).getResolvableType();
        } catch (NoSuchBeanDefinitionException e) {
            return ResolvableType.NONE; // registered as an object
        }
    }

    private static @Nullable String text(ResolvableType type) {
        return type.resolve() == null ? null : type.toString();
    }
}
