package io.asyncbatcher.spring.boot;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an interface does whose methods are {@code @BatchedBy} and that nobody else implements. */
final class BatchedByProxy implements InvocationHandler {

    private final Class<?> type;
    private final BatchedByMethods methods;
    private final BatchedByCalls calls;

    BatchedByProxy(Class<?> type, BatchedByMethods methods, BatchedByCalls calls) {
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
            default -> throw new UnsupportedOperationException(BatchedMethod.describe(called));
        };
    }
}
