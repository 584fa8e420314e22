package io.asyncbatcher.spring.boot.actuate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * The health of the batchers for Spring Boot 3.5, whose health classes are in another package: the starter is compiled
 * without them, and uses them by their names. What stands for its {@code HealthIndicator} is a proxy.
 */
final class OlderHealthIndicator implements InvocationHandler, AopInfrastructureBean {

    /** The id of the bean that makes the indicator. */
    static final String BEAN_NAME = "asyncBatcherOlderHealth";

    /** The interface, by whose presence the older line is known. */
    static final String INTERFACE = "org.springframework.boot.actuate.health.HealthIndicator";

    private static final String HEALTH = "org.springframework.boot.actuate.health.Health";

    private final BatchersHealth health;

    OlderHealthIndicator(BatchersHealth health) {
        this.health = health;
    }

    /** Makes the bean, which is a {@code HealthIndicator}. Called by the container. */
    Object proxy() {
        return Proxy.newProxyInstance(loader(), new Class<?>[] {type()}, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return method.getName().equals("equals") && arguments != null
                    ? (Object) (proxy == arguments[0])
                    : method.invoke(this, arguments);
        }
        return method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : health();
    }

    private Object health() throws ReflectiveOperationException {
        BatchersHealth.Report report = health.report();
        Object builder = ClassUtils.resolveClassName(HEALTH, loader())
                .getMethod("status", String.class)
                .invoke(null, report.status());
        builder.getClass().getMethod("withDetails", Map.class).invoke(builder, report.details());
        return builder.getClass().getMethod("build").invoke(builder);
    }

    private static Class<?> type() {
        return ClassUtils.resolveClassName(INTERFACE, loader());
    }

    private static @Nullable ClassLoader loader() {
        return OlderHealthIndicator.class.getClassLoader();
    }

    /** Defines the bean: a method can't say that it returns what isn't there when it is compiled. */
    static final class Registrar implements ImportBeanDefinitionRegistrar {

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            RootBeanDefinition indicator = new RootBeanDefinition();
            indicator.setTargetType(type());
            indicator.setFactoryBeanName(BEAN_NAME);
            indicator.setFactoryMethodName("proxy");
            registry.registerBeanDefinition(BatchersHealth.BEAN_NAME, indicator);
        }
    }
}
