package io.asyncbatcher.spring.boot.methods;

import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.DefaultAdvisorChainFactory;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/**
 * Rejects methods that Spring runs asynchronously: their call returns before the batch is done, and what they throw is
 * lost. A method that returns a {@link CompletableFuture} is fine, because the future tells the end.
 */
final class AsyncMethods {

    private AsyncMethods() {}

    /** Rejects a method by its annotations, before there is a bean. */
    static void reject(Method method, Class<?> type) {
        if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
                || AnnotatedElementUtils.hasAnnotation(type, Async.class)) {
            reject(method);
        }
    }

    /** Rejects a method by the advice that its bean's proxy has, whatever annotation or configuration it is from. */
    static void reject(Method method, Object bean) {
        if (bean instanceof Advised advised
                && new DefaultAdvisorChainFactory()
                                .getInterceptorsAndDynamicInterceptionAdvice(
                                        advised, method, AopUtils.getTargetClass(bean))
                                .stream()
                                .anyMatch(AsyncExecutionInterceptor.class::isInstance)) {
            reject(method);
        }
    }

    private static void reject(Method method) {
        if (method.getReturnType() != CompletableFuture.class) {
            throw MethodMessages.notBatched(
                    method,
                    "it is @Async, so that Spring would run it on another thread, and report a batch as done before it"
                            + " is",
                    "Remove @Async: a batch runs on a thread of its own. The option 'executor' says on which. Or return"
                            + " a CompletableFuture");
        }
    }
}
