package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Set;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.beans.factory.support.ScopeNotActiveException;

/**
 * The scope of a bean whose method is a batcher. The bean is looked up once, and its batches run on threads that belong to
 * no caller: so it is a singleton, or a proxy that finds an instance for each batch.
 */
final class TargetScope {

    /** Known by name, because a batch's thread is in none of them. */
    private static final Set<String> OF_A_CALLER = Set.of("request", "session", "websocket", "step", "job");

    private static final String SINGLETON_REMEDY = "Make the bean a singleton";
    private static final String CALLER_REMEDY =
            "Move the method to a bean of singleton scope, and hand over what it needs in the item";

    private TargetScope() {}

    /**
     * Checks a bean's scope by its definition.
     *
     * @throws BatcherConfigurationException if a batch can't use a bean of this scope
     */
    static void require(String beanName, BeanDefinition definition, Method method) {
        boolean proxied = definition instanceof RootBeanDefinition root && root.getDecoratedDefinition() != null;
        String scope = scope(definition);
        if (OF_A_CALLER.contains(scope)) {
            throw MethodMessages.notBatched(
                    method,
                    "its bean '" + beanName + "' lives in the scope '" + scope
                            + "' of one caller, but a batch has items of many",
                    CALLER_REMEDY);
        }
        boolean singleton = scope.isEmpty() || scope.equals(BeanDefinition.SCOPE_SINGLETON);
        if (!singleton && !proxied) {
            throw MethodMessages.notBatched(
                    method,
                    "its bean '" + beanName + "' has the scope '" + scope
                            + "', but a batcher would use one instance forever",
                    SINGLETON_REMEDY
                            + (scope.equals(BeanDefinition.SCOPE_PROTOTYPE)
                                    ? ""
                                    : ", or, where its scope has one instance at a time, give it a scoped proxy"));
        }
    }

    private static String scope(BeanDefinition definition) {
        BeanDefinition scoped = definition instanceof RootBeanDefinition root && root.getDecoratedDefinition() != null
                ? root.getDecoratedDefinition().getBeanDefinition()
                : definition;
        return Objects.requireNonNullElse(scoped.getScope(), "");
    }

    /** The rejection of a bean that a factory makes anew each time. */
    static BatcherConfigurationException manyInstances(BatchedMethod method) {
        return MethodMessages.notBatched(
                method.method(),
                "its bean '" + method.beanName()
                        + "' is made anew each time, but a batcher would use one instance forever",
                SINGLETON_REMEDY);
    }

    /**
     * What a batch's items fail with: Spring's own message asks for the scoped proxy that the bean has.
     *
     * @param failure what the call of a batch has thrown
     */
    static Throwable explained(Throwable failure, BatchedMethod method, BeanDefinition definition) {
        return failure instanceof ScopeNotActiveException inactive
                        && ScopedProxyUtils.getTargetBeanName(method.beanName()).equals(inactive.getBeanName())
                ? MethodMessages.notBatched(
                        method.method(),
                        "the scope '" + scope(definition) + "' of its bean '" + method.beanName()
                                + "' is not active on the thread of a batch",
                        CALLER_REMEDY,
                        failure)
                : failure;
    }
}
