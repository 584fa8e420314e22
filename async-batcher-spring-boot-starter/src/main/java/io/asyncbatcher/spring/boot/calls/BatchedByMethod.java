package io.asyncbatcher.spring.boot.calls;

import io.asyncbatcher.spring.Batched;
import io.asyncbatcher.spring.BatchedBy;
import io.asyncbatcher.spring.boot.introspect.BeanTypes;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.introspect.Overrides;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * A method with {@link BatchedBy}. Rejects what can't be one, saying why and what to do.
 *
 * @param method as found on its bean's class
 * @param batcher the batcher's name
 * @param delivery how its caller gets the result
 * @param item the type of its parameter, as far as it is known
 * @param result the type of the result, as far as it is known
 */
record BatchedByMethod(Method method, String batcher, Delivery delivery, ResolvableType item, ResolvableType result) {

    /**
     * Reads a method as a class has it.
     *
     * @throws BatcherConfigurationException if it can't be batched
     */
    static BatchedByMethod of(Method method, Class<?> type, String batcher) {
        if (AnnotatedElementUtils.hasAnnotation(method, Batched.class)) {
            throw MethodMessages.notBatchedBy(
                    method, batcher, "it is @Batched too", "Take single items in one method, and the batch in another");
        }
        requireProxy(method, type, batcher);
        if (KotlinDetector.isSuspendingFunction(method)) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "it is a suspend function",
                    "Inject the batcher's BatcherClient, and await() the future that its process method returns");
        }
        if (method.getParameterCount() != 1) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "it has " + method.getParameterCount() + " parameters",
                    "Give it one parameter, the item; what belongs to it goes into the item's class");
        }
        ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
        if (returned.toClass() == void.class) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "it returns void, so that nobody could say whether it waits",
                    "Return Void to wait for the item's end, or a CompletableFuture<Void> to go on");
        }
        Delivery delivery = Delivery.of(returned.toClass());
        return new BatchedByMethod(
                method,
                batcher,
                delivery,
                BeanTypes.boxed(ResolvableType.forMethodParameter(method, 0, type)),
                BeanTypes.boxed(delivery.inner(returned)));
    }

    /** Rejects what no proxy can stand in for. */
    private static void requireProxy(Method method, Class<?> type, String batcher) {
        if (Modifier.isStatic(method.getModifiers())) {
            throw MethodMessages.notBatchedBy(
                    method, batcher, "it is static", "Make it an instance method of the bean");
        }
        if (Modifier.isPrivate(method.getModifiers())) {
            throw MethodMessages.notBatchedBy(method, batcher, "it is private", "Make it at least package-private");
        }
        if (Modifier.isFinal(method.getModifiers())) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "it is final, so that no proxy can take its calls",
                    "Remove 'final' from it (in Kotlin: make it open)");
        }
        if (Overrides.areBarredByPackage(method, type)) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "it is package-private in another package than " + type.getName()
                            + ", so that no proxy can take its calls",
                    "Make it protected or public");
        }
        if (Modifier.isFinal(type.getModifiers()) && !Proxy.isProxyClass(type)) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "its class is final, so that no proxy can take its calls",
                    "Remove 'final' from " + type.getName() + " (in Kotlin: make it open), or annotate a method of an"
                            + " interface and let a BatchedByFactory implement it");
        }
    }

    /**
     * Compares with what the batcher takes and gives; what isn't known on either side passes.
     *
     * @throws BatcherConfigurationException if they contradict each other
     */
    void requireTypes(ResolvableType batchersItem, ResolvableType batchersResult) {
        if (!fits(batchersItem, item)) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "its parameter is a " + item + ", but the batcher's items are of type " + batchersItem,
                    "Change the parameter to " + batchersItem + ", or name another batcher");
        }
        boolean optional = delivery == Delivery.OPTIONAL && batchersResult.toClass() == Optional.class;
        if (!fits(result, optional ? batchersResult.getGeneric(0) : batchersResult)) {
            throw MethodMessages.notBatchedBy(
                    method,
                    batcher,
                    "it gives a " + result + ", but the batcher's results are of type " + batchersResult,
                    "Return " + batchersResult + ", plain or in an Optional, a CompletableFuture, a CompletionStage, a"
                            + " Future or a Mono, or name another batcher");
        }
    }

    private static boolean fits(ResolvableType wanted, ResolvableType given) {
        return wanted.resolve() == null || given.resolve() == null || wanted.isAssignableFromResolvedPart(given);
    }
}
