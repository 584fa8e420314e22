package io.asyncbatcher.spring.boot;

import io.asyncbatcher.spring.BatchedByFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.util.ReflectionUtils;

/** Implements interfaces by proxies. */
final class BatchedByProxies implements BatchedByFactory, AopInfrastructureBean {

    private final BatchedByMethods methods;
    private final BatchedByCalls calls;

    BatchedByProxies(BatchedByMethods methods, BatchedByCalls calls) {
        this.methods = methods;
        this.calls = calls;
    }

    @Override
    public <I> I create(Class<I> type) {
        if (!type.isInterface()) {
            throw new BatcherConfigurationException(
                    "The BatchedByFactory is to implement " + type.getName() + ", which is no interface.",
                    "Make it one, or declare it as a bean of its own: a class's methods are @BatchedBy without a"
                            + " factory.");
        }
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers())
                    && !ReflectionUtils.isObjectMethod(method)
                    && methods.find(method, type) == null) {
                throw new BatcherConfigurationException(
                        "The method " + BatchedMethod.describe(method) + " isn't @BatchedBy a batcher, so that the"
                                + " BatchedByFactory can't implement it.",
                        "Annotate it with @BatchedBy, or give it a body.");
            }
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new BatchedByProxy(type, methods, calls)));
    }
}
