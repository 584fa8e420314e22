package io.asyncbatcher.spring.boot;

import io.asyncbatcher.Outcome;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * What a method with the annotation takes and gives, read from its generic types. Refuses what can't become a batcher,
 * saying why and what to do.
 *
 * @param parameter the type of its parameter
 * @param item the type of an item
 * @param result the type of an item's result
 * @param results how the results belong to the items
 * @param carrier what the results come in
 */
record BatchedSignature(
        Class<?> parameter, ResolvableType item, ResolvableType result, ResultsShape results, ResultsCarrier carrier) {

    private static final String RESULT_TYPES =
            "List<R>, Collection<R> or an array (result i belongs to item i), Map<T, R>"
                    + " (by key), void, or List<Outcome<R>>; plain, or in a CompletionStage, a CompletableFuture or a Mono; or a"
                    + " Flux<R>";

    /**
     * Reads a method as a bean has it.
     *
     * @param method found on the bean's class
     * @param beanType the bean's type, with its generics as far as they are known
     * @throws BatcherConfigurationException if it can't become a batcher
     */
    static BatchedSignature of(Method method, ResolvableType beanType) {
        if (Modifier.isStatic(method.getModifiers())) {
            throw refusal(method, "it is static", "Make it an instance method of the bean");
        }
        if (Modifier.isPrivate(method.getModifiers())) {
            throw refusal(method, "it is private", "Make it at least package-private");
        }
        if (KotlinDetector.isSuspendingFunction(method)) {
            throw refusal(
                    method,
                    "it is a suspend function",
                    "Make it a plain one that blocks, or return a CompletableFuture, as of CoroutineScope.future");
        }
        if (method.getParameterCount() != 1) {
            throw refusal(
                    method,
                    "it has " + method.getParameterCount() + " parameters",
                    "Give it one parameter, the batch: List<T>, Collection<T>, Set<T>, Iterable<T> or an array");
        }
        ResolvableType parameter = type(method, 0, beanType);
        ItemsShape shape = ItemsShape.of(parameter.toClass());
        if (shape == null) {
            throw refusal(
                    method,
                    "its parameter is a " + parameter,
                    "Make it a List<T>, Collection<T>, Set<T>, Iterable<T> or an array");
        }
        ResolvableType item = element(method, "parameter", parameter);
        ResolvableType returned = type(method, -1, beanType);
        ResultsCarrier carrier = ResultsCarrier.of(returned.toClass());
        Results results = carrier == ResultsCarrier.FLUX
                ? byPosition(method, returned)
                : results(method, item, carrier, returned);
        if (shape == ItemsShape.SET && results.shape().needsPositions()) {
            throw refusal(
                    method,
                    "its items come in a Set, where equal items are one element, but its results by position",
                    "Return a Map<T, R> or void, or take a List<T>");
        }
        return new BatchedSignature(parameter.toClass(), item, results.type(), results.shape(), carrier);
    }

    /** The argument that hands a batch over. */
    Object argument(List<?> batch) {
        return Objects.requireNonNull(ItemsShape.of(parameter)).argument(batch, parameter);
    }

    /** How the results belong to the items, and the type of one. */
    private record Results(ResultsShape shape, ResolvableType type) {}

    private static Results results(
            Method method, ResolvableType item, ResultsCarrier carrier, ResolvableType returned) {
        ResolvableType carried = carrier.inner(returned);
        Class<?> type = carried.toClass();
        if (type == void.class || type == Void.class) {
            return new Results(ResultsShape.NONE, ResolvableType.forClass(Void.class));
        }
        if (type == List.class || type == Collection.class || type.isArray()) {
            return byPosition(method, carried);
        }
        if (type == Map.class) {
            return byKey(method, item, carried);
        }
        throw refusal(method, "it returns a " + returned, "Return " + RESULT_TYPES);
    }

    private static Results byPosition(Method method, ResolvableType results) {
        ResolvableType element = element(method, "result", results);
        return element.toClass() == Outcome.class
                ? new Results(ResultsShape.OUTCOMES, known(method, "result", element, element.getGeneric(0)))
                : new Results(ResultsShape.POSITIONS, element);
    }

    private static Results byKey(Method method, ResolvableType item, ResolvableType results) {
        ResolvableType key = known(method, "result", results, results.getGeneric(0));
        ResolvableType value = known(method, "result", results, results.getGeneric(1));
        if (!key.isAssignableFrom(item)) {
            throw refusal(
                    method,
                    "its items are of type " + item + ", but the keys of its results of type " + key,
                    "Return a map whose keys are the items");
        }
        if (value.toClass() == Outcome.class) {
            throw refusal(method, "it returns outcomes by key", "Return a List<Outcome<R>>, one an item");
        }
        return new Results(ResultsShape.KEYS, value);
    }

    private static ResolvableType type(Method method, int index, ResolvableType beanType) {
        return ResolvableType.forMethodParameter(new MethodParameter(method, index), beanType);
    }

    private static ResolvableType element(Method method, String place, ResolvableType type) {
        return known(method, place, type, type.isArray() ? type.getComponentType() : type.getGeneric(0));
    }

    /** Refuses what is not known at all, and type variables in it: nobody could inject a client for them. */
    private static ResolvableType known(Method method, String place, ResolvableType whole, ResolvableType part) {
        ResolvableType bound = part;
        // Kotlin writes List<out T>, which Java reads as List<? extends T>.
        if (part.getType() instanceof WildcardType wildcard && wildcard.getUpperBounds()[0] != Object.class) {
            bound = ResolvableType.forType(wildcard.getUpperBounds()[0], whole);
        }
        Class<?> type = bound.resolve();
        if (type == null || hasVariables(bound)) {
            throw refusal(
                    method,
                    "the types in its " + place + " " + whole + " are not known",
                    "Write them out, as in List<Long>, and declare the bean with its class's type arguments");
        }
        return type.isPrimitive() ? ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(type)) : bound;
    }

    /** Whether a type argument is a variable that nobody resolves. Wildcards and raw types can be injected as they are. */
    private static boolean hasVariables(ResolvableType type) {
        if (type.isArray()) {
            return hasVariables(type.getComponentType());
        }
        for (ResolvableType argument : type.getGenerics()) {
            if (argument.getType() instanceof WildcardType wildcard) {
                if (Stream.of(wildcard.getLowerBounds(), wildcard.getUpperBounds())
                        .flatMap(Stream::of)
                        .map(bound -> ResolvableType.forType(bound, argument))
                        .anyMatch(bound -> isVariable(bound) || hasVariables(bound))) {
                    return true;
                }
            } else if (!isOfRawType(argument, type) && (isVariable(argument) || hasVariables(argument))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isVariable(ResolvableType type) {
        return type.getType() instanceof TypeVariable && type.resolve() == null;
    }

    private static boolean isOfRawType(ResolvableType argument, ResolvableType type) {
        return argument.getType() instanceof TypeVariable<?> variable
                && variable.getGenericDeclaration() == type.resolve();
    }

    private static BatcherConfigurationException refusal(Method method, String reason, String remedy) {
        return new BatcherConfigurationException(
                "The method " + BatchedMethod.describe(method) + " can't be @Batched: " + reason + ".", remedy + ".");
    }
}
