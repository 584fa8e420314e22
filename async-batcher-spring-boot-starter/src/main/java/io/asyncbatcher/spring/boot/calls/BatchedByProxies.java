package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.BatchedByFactory;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.util.ReflectionUtils;

/** Implements interfaces by proxies. */
final class BatchedByProxies implements BatchedByFactory, AopInfrastructureBean {

    private final BatchedByFinder methods;
    private final BatchedByCalls calls;

    BatchedByProxies(BatchedByFinder methods, BatchedByCalls calls) {
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
                        "The method " + MethodMessages.describe(method) + " isn't @BatchedBy a batcher, so that the"
                                + " BatchedByFactory can't implement it.",
                        "Annotate it with @BatchedBy, or give it a body.");
            }
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new Implementation(type, methods, calls)));
    }

    /** What an interface does whose methods are {@code @BatchedBy} and that nobody else implements. */
    static final class Implementation implements InvocationHandler {

        private final Class<?> type;
        private final BatchedByFinder methods;
        private final BatchedByCalls calls;

        Implementation(Class<?> type, BatchedByFinder methods, BatchedByCalls calls) {
            this.type = type;
            this.methods = methods;
            this.calls = calls;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method called, Object @Nullable [] arguments) throws Throwable {
            BatchedByMethod method = methods.find(called, type);
            if (method != null) {
                return calls.call(method, called, Objects.requireNonNull(arguments)[0]);
            }
            if (called.isDefault()) {
                // By a lookup of its own, because the interface may be package-private.
                return MethodHandles.privateLookupIn(called.getDeclaringClass(), MethodHandles.lookup())
                        .unreflectSpecial(called, called.getDeclaringClass())
                        .bindTo(proxy)
                        .invokeWithArguments(arguments);
            }
            return switch (called.getName()) {
                case "equals" -> proxy == Objects.requireNonNull(arguments)[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "@BatchedBy " + type.getName();
                default -> throw new UnsupportedOperationException(MethodMessages.describe(called));
            };
        }
    }
}
