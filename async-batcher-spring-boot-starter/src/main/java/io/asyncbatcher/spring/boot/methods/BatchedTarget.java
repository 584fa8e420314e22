package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.BatchResults;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.introspect.Overrides;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * The bean whose method is called with the batches. It is looked up once, by the first caller's thread rather than by a
 * batch's: on a batch's thread the lookup could wait for a lock of the container that the caller holds.
 */
final class BatchedTarget {

    /** The bean, and the method to call on it: that of its proxy where there is one. */
    private record Found(Object bean, Method method) {}

    private final BatchedMethod method;
    private final ConfigurableListableBeanFactory beanFactory;
    private final AtomicReference<@Nullable Found> found = new AtomicReference<>();

    BatchedTarget(BatchedMethod method, ConfigurableListableBeanFactory beanFactory) {
        this.method = method;
        this.beanFactory = beanFactory;
    }

    /**
     * Looks the bean up, unless that was done before.
     *
     * @throws BatcherConfigurationException if the bean can't be called
     */
    void find() {
        if (found.get() == null) {
            if (!beanFactory.isSingleton(method.beanName())) {
                throw TargetScope.manyInstances(method);
            }
            found.set(find(beanFactory.getBean(method.beanName())));
            // So that the batcher is closed before the bean goes; not earlier, because the container would take a
            // dependent down with a bean whose creation fails.
            beanFactory.registerDependentBean(method.beanName(), method.clientId());
        }
    }

    /**
     * Calls the method with a batch. What it throws comes out as it is.
     *
     * @param reports takes the reports of a method that has a parameter for it; null for others
     */
    @Nullable
    Object call(List<Object> batch, @Nullable BatchResults<Object> reports) throws Exception {
        Found target = found.get();
        if (target == null) {
            throw new IllegalStateException("No bean was looked up for " + method.description());
        }
        try {
            Object[] arguments = method.signature().arguments(batch, reports);
            Object returned = target.method().invoke(target.bean(), arguments);
            method.signature().requireUnchanged(arguments[0], batch);
            return returned;
        } catch (InvocationTargetException e) {
            ReflectionUtils.rethrowException(explained(e.getTargetException()));
            return null;
        }
    }

    private Throwable explained(Throwable failure) {
        return beanFactory.containsBeanDefinition(method.beanName())
                ? TargetScope.explained(failure, method, beanFactory.getMergedBeanDefinition(method.beanName()))
                : failure;
    }

    private Found find(Object bean) {
        Method invocable;
        try {
            invocable = AopUtils.selectInvocableMethod(method.method(), bean.getClass());
        } catch (IllegalStateException e) {
            throw rejection(
                    "the proxy of bean '" + method.beanName() + "' doesn't have it",
                    "Declare it in an interface of the class, or let the proxy be a subclass"
                            + " (spring.aop.proxy-target-class=true)",
                    e);
        }
        if (AopUtils.isCglibProxy(bean)) {
            requireOverridable(invocable, bean.getClass());
        }
        AsyncMethods.reject(method.method(), bean);
        ReflectionUtils.makeAccessible(invocable);
        return new Found(bean, invocable);
    }

    /** What the proxy inherits would run in the proxy, which has none of the bean's fields. */
    private void requireOverridable(Method invocable, Class<?> proxy) {
        if (Modifier.isFinal(invocable.getModifiers())) {
            throw rejection(
                    "it is final, so that the proxy of bean '" + method.beanName() + "' can't pass it on",
                    "Remove 'final' from it",
                    null);
        }
        if (Overrides.areBarredByPackage(invocable, proxy)) {
            throw rejection(
                    "it is package-private in another package than "
                            + proxy.getSuperclass().getName() + ", so that the proxy of bean '" + method.beanName()
                            + "' can't pass it on",
                    "Make it protected or public",
                    null);
        }
    }

    private BatcherConfigurationException rejection(String reason, String remedy, @Nullable Throwable cause) {
        return MethodMessages.notBatched(method.method(), reason, remedy, cause);
    }
}
