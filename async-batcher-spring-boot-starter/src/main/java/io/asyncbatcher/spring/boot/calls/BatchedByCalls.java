package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Makes items of the calls of methods with {@code @BatchedBy}, and checks, once all beans are there, that there is a
 * batcher for each.
 */
final class BatchedByCalls implements MethodInterceptor, SmartInitializingSingleton {

    private final BatchedByFinder methods;
    private final NamedClients clients;
    private final TransactionCheck transactions;

    BatchedByCalls(BatchedByFinder methods, NamedClients clients, TransactionCheck transactions) {
        this.methods = methods;
        this.clients = clients;
        this.transactions = transactions;
    }

    /** The call of a bean's method, of which the bean itself never hears. */
    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object bean = invocation.getThis();
        Method called = invocation.getMethod();
        BatchedByMethod method =
                methods.find(called, bean == null ? called.getDeclaringClass() : AopUtils.getTargetClass(bean));
        return method == null
                ? invocation.proceed()
                : call(method, called, invocation.getArguments()[0]);
    }

    /**
     * A call.
     *
     * @param called the method as its caller knows it
     */
    @Nullable
    Object call(BatchedByMethod method, Method called, Object item) throws Throwable {
        if (method.delivery() == Delivery.WAIT) {
            transactions.beforeWait(method);
        }
        Object result = method.delivery().deliver(() -> clients.of(method).process(item), called);
        if (result == null && called.getReturnType().isPrimitive()) {
            throw new IllegalStateException("Batcher '" + method.batcher() + "' gave null as the result of "
                    + MethodMessages.describe(called) + ", which returns " + called.getReturnType()
                    + ". Return its wrapper class where a result may be missing.");
        }
        return result;
    }

    @Override
    public void afterSingletonsInstantiated() {
        methods.all().forEach(clients::require);
    }
}
