package io.asyncbatcher.spring.boot.signature;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchResultException;
import io.asyncbatcher.BatchResults;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.spring.boot.introspect.MethodMessages;
import io.asyncbatcher.spring.boot.settings.BatcherConfigurationException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;

/**
 * What a method with the annotation takes and gives, read from its generic types. Rejects what can't become a batcher,
 * saying why and what to do.
 */
public final class BatchedSignature {

    private static final String RESULT_TYPES =
            "Map<T, R> (by key), List<R>, Collection<R> or an array (in any order with a"
                    + " resultKey; without one, result i belongs to item i), void, Map<T, Outcome<R>> or List<Outcome<R>>;"
                    + " plain, or in a CompletionStage, a CompletableFuture or a Mono; or a Flux<R>; or report results to a"
                    + " second parameter BatchResults<R>";

    /** What results may come in that are matched by key. */
    private static final Set<Class<?>> UNORDERED = Set.of(List.class, Collection.class, Set.class, Iterable.class);

    private final Class<?> parameter;
    private final ResolvableType item;
    private final ResolvableType result;
    private final ResultsShape results;
    private final ResultsCarrier carrier;
    private final @Nullable ResultKey key;

    private BatchedSignature(
            Class<?> parameter,
            ResolvableType item,
            ResolvableType result,
            ResultsShape results,
            ResultsCarrier carrier,
            @Nullable ResultKey key) {
        this.parameter = parameter;
        this.item = item;
        this.result = result;
        this.results = results;
        this.carrier = carrier;
        this.key = key;
    }

    /**
     * Reads a method as a bean has it.
     *
     * @param method found on the bean's class
     * @param beanType the bean's type, with its generics as far as they are known
     * @param resultKey the property of a result by which it is matched; null = none
     * @param itemKey the property of an item that equals it; null = the item itself
     * @throws BatcherConfigurationException if it can't become a batcher
     */
    public static BatchedSignature of(
            Method method, ResolvableType beanType, @Nullable String resultKey, @Nullable String itemKey) {
        if (Modifier.isStatic(method.getModifiers())) {
            throw MethodMessages.notBatched(method, "it is static", "Make it an instance method of the bean");
        }
        if (Modifier.isPrivate(method.getModifiers())) {
            throw MethodMessages.notBatched(method, "it is private", "Make it at least package-private");
        }
        if (KotlinDetector.isSuspendingFunction(method)) {
            throw MethodMessages.notBatched(
                    method,
                    "it is a suspend function",
                    "Make it a plain one that blocks, or return a CompletableFuture, as of CoroutineScope.future");
        }
        boolean reports = method.getParameterCount() == 2 && method.getParameterTypes()[1] == BatchResults.class;
        if (method.getParameterCount() != 1 && !reports) {
            throw MethodMessages.notBatched(
                    method,
                    "it has " + method.getParameterCount() + " parameters",
                    "Give it one parameter, the batch: List<T>, Collection<T>, Set<T>, Iterable<T> or an array. Only a"
                            + " BatchResults<R> may follow, which takes results as they come");
        }
        ResolvableType parameter = KnownTypes.of(method, 0, beanType);
        ItemsShape shape = ItemsShape.of(parameter.toClass());
        if (shape == null) {
            throw MethodMessages.notBatched(
                    method,
                    "its parameter is a " + parameter,
                    "Make it a List<T>, Collection<T>, Set<T>, Iterable<T> or an array");
        }
        ResolvableType item = KnownTypes.element(method, "parameter", parameter);
        ResolvableType returned = KnownTypes.of(method, -1, beanType);
        ResultsCarrier carrier = ResultsCarrier.of(returned.toClass());
        if (itemKey != null && resultKey == null) {
            throw MethodMessages.notBatched(
                    method,
                    "it has the itemKey '" + itemKey + "', but no resultKey",
                    "Name the property of a result that equals it by resultKey");
        }
        if (resultKey != null && reports) {
            throw MethodMessages.notBatched(
                    method,
                    "it has a resultKey, but reports results by the items' positions",
                    "Leave resultKey out, or remove the BatchResults and return the results");
        }
        if (resultKey != null) {
            ResolvableType result = inAnyOrder(method, carrier, returned);
            return new BatchedSignature(
                    parameter.toClass(),
                    item,
                    result,
                    ResultsShape.MATCHING,
                    carrier,
                    ResultKey.of(method, resultKey, itemKey, item, result));
        }
        Results results = reports
                ? reported(method, carrier, returned, KnownTypes.of(method, 1, beanType))
                : carrier == ResultsCarrier.FLUX
                        ? byPosition(method, returned)
                        : results(method, item, carrier, returned);
        if (shape == ItemsShape.SET && results.shape().needsPositions()) {
            throw MethodMessages.notBatched(
                    method,
                    "its items come in a Set, where equal items are one element, but its results by position",
                    reports ? "Take a List<T>" : "Return a Map<T, R> or void, set resultKey, or take a List<T>");
        }
        return new BatchedSignature(parameter.toClass(), item, results.type(), results.shape(), carrier, null);
    }

    /** The type of an item. */
    public ResolvableType item() {
        return item;
    }

    /** The type of an item's result. */
    public ResolvableType result() {
        return result;
    }

    /** What is read by reflection to match results with items; empty where they aren't matched by key. */
    public List<Member> keys() {
        return key == null
                ? List.of()
                : Stream.of(key.ofResult(), key.ofItem())
                        .filter(Objects::nonNull)
                        .map(KeyProperty::member)
                        .toList();
    }

    /**
     * A builder whose processor calls a method of this signature.
     *
     * @param description of the method, for messages
     * @param batchTimeout the batcher's, asked for with each batch
     */
    public AsyncBatcher.Builder<Object, ?> builder(
            BatchCall call, String description, Supplier<@Nullable Duration> batchTimeout) {
        return carrier.builder(
                results,
                key,
                call,
                new ResultsCheck(description, carrier == ResultsCarrier.PLAIN, results),
                batchTimeout);
    }

    /**
     * The arguments that hand a batch over; the items are the first.
     *
     * @param reports takes the reports of a method that has a parameter for it; null for others
     */
    public Object[] arguments(List<?> batch, @Nullable BatchResults<?> reports) {
        Object items = Objects.requireNonNull(ItemsShape.of(parameter)).argument(batch, parameter);
        return reports == null ? new Object[] {items} : new Object[] {items, reports};
    }

    /**
     * Checks what a method did to its argument, which only an array lets it do.
     *
     * @throws BatchResultException if positions in it no longer say whose the results are
     */
    public void requireUnchanged(Object argument, List<?> batch) {
        if (results.needsPositions() && !ItemsShape.isUnchanged(argument, batch)) {
            throw new BatchResultException("it changed the array of the items, but returns results by position; sort or"
                    + " change a copy, return a Map by item, or set resultKey of @Batched");
        }
    }

    /** The type of one of results that are matched by key. */
    private static ResolvableType inAnyOrder(Method method, ResultsCarrier carrier, ResolvableType returned) {
        ResolvableType carried = carrier == ResultsCarrier.FLUX ? returned : carrier.inner(returned);
        Class<?> type = carried.toClass();
        boolean many = carrier == ResultsCarrier.FLUX || UNORDERED.contains(type) || type.isArray();
        ResolvableType result = many ? KnownTypes.element(method, "result", carried) : carried;
        if (!many || result.toClass() == Outcome.class) {
            throw MethodMessages.notBatched(
                    method,
                    "it has a resultKey, but returns a " + returned,
                    "Return List<R>, Collection<R>, Set<R>, Iterable<R> or an array, plain or in a CompletionStage, a"
                            + " CompletableFuture or a Mono, or a Flux<R>; or leave resultKey out");
        }
        return result;
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
        throw MethodMessages.notBatched(method, "it returns a " + returned, "Return " + RESULT_TYPES);
    }

    private static Results reported(
            Method method, ResultsCarrier carrier, ResolvableType returned, ResolvableType reports) {
        Class<?> type = carrier.inner(returned).toClass();
        if (carrier == ResultsCarrier.FLUX || (type != void.class && type != Void.class)) {
            throw MethodMessages.notBatched(
                    method,
                    "it reports its results to a BatchResults, but returns a " + returned,
                    "Return void; or a CompletionStage<Void>, a CompletableFuture<Void> or a Mono<Void> that ends after"
                            + " the last report");
        }
        return new Results(ResultsShape.REPORTED, KnownTypes.element(method, "parameter", reports));
    }

    private static Results byPosition(Method method, ResolvableType results) {
        ResolvableType element = KnownTypes.element(method, "result", results);
        return element.toClass() == Outcome.class
                ? new Results(
                        ResultsShape.OUTCOMES, KnownTypes.require(method, "result", element, element.getGeneric(0)))
                : new Results(ResultsShape.POSITIONS, element);
    }

    private static Results byKey(Method method, ResolvableType item, ResolvableType results) {
        ResolvableType key = KnownTypes.require(method, "result", results, results.getGeneric(0));
        ResolvableType value = KnownTypes.require(method, "result", results, results.getGeneric(1));
        if (!key.isAssignableFrom(item)) {
            throw MethodMessages.notBatched(
                    method,
                    "its items are of type " + item + ", but the keys of its results of type " + key,
                    "Return a map whose keys are the items");
        }
        return value.toClass() == Outcome.class
                ? new Results(
                        ResultsShape.KEYED_OUTCOMES, KnownTypes.require(method, "result", value, value.getGeneric(0)))
                : new Results(ResultsShape.KEYS, value);
    }
}
