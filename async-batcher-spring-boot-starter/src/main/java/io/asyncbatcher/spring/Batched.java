package io.asyncbatcher.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes a bean's method the processor of a batcher, and adds a {@code BatcherClient<T, R>} bean through which single
 * items are handed to it.
 *
 * <pre>{@code
 * @Service
 * class Prices {
 *     @Batched("prices")
 *     List<Price> findAll(List<Sku> skus) { … }      // element i is the price of element i
 * }
 *
 * @RestController
 * class PriceController {
 *     PriceController(BatcherClient<Sku, Price> prices) { … }
 * }
 * }</pre>
 *
 * <p>The method has one parameter: a {@code List<T>}, {@code Collection<T>}, {@code Set<T>}, {@code Iterable<T>} or an
 * array. It returns one of
 *
 * <ul>
 *   <li>{@code List<R>}, {@code Collection<R>} or an array, element i being the result of item i,
 *   <li>{@code Map<T, R>}: each item gets the value of the key that equals it, or null,
 *   <li>{@code void}: a {@code BatcherClient<T, Void>}, whose futures end with null,
 *   <li>{@code List<Outcome<R>>} where items of one batch end differently,
 * </ul>
 *
 * plain, or in a {@code CompletionStage}, a {@code CompletableFuture} or a {@code Mono}; a {@code Flux<R>} counts by
 * position. With a {@code Set<T>} equal items are one element, so positions say nothing: it needs a map or no result.
 * The method may be package-private, and may throw anything; what it throws reaches each caller unwrapped.
 *
 * <p>It is called on a batch's own thread, never on a caller's: neither transaction, security context nor request of a
 * caller is seen there. {@code @Transactional} and other advice on the method itself work.
 *
 * <p>The bean's id is the name followed by {@code BatcherClient}; the name is its qualifier, and its alias where no other
 * bean has it. A bean of that id that is a {@code BatcherClient} replaces it.
 *
 * <p>Every attribute may hold <code>${…}</code>, and an empty one is not set. {@code batcher.instances.<name>.*} has
 * precedence over the attributes, these over {@code batcher.*}, and that over the built-in default.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface Batched {

    /** Same as {@link #name}. */
    @AliasFor("name")
    String value() default "";

    /** The batcher's name: a letter, then letters, digits, {@code -} and {@code _}. Default: the method's name. */
    @AliasFor("value")
    String name() default "";

    /** The limit of items in a batch; -1 = no limit. Default: 100. */
    String maxBatchSize() default "";

    /**
     * The longest linger of any item while a slot is free, as in {@code 10ms} or {@code PT0.01S}; zero = never linger.
     * Default: 10 ms.
     */
    String maxQueueTime() default "";

    /** The limit of batches in flight; -1 = no limit. Default: 1. */
    String concurrency() default "";

    /** The limit of queued items; -1 = no limit. Default: 10,000. */
    String maxQueueSize() default "";

    /** What happens to an item that finds the queue full: {@code reject} (default) or {@code block}. */
    String overflow() default "";

    /** The longest wait for a place where {@link #overflow} is {@code block}. Default: 1 s. */
    String maxBlockTime() default "";

    /**
     * The bean name of the {@link java.util.concurrent.Executor} on which the method runs. Default: threads of the
     * batchers' own, virtual ones where {@code spring.threads.virtual.enabled} is set.
     */
    String executor() default "";

    /**
     * The bean name of the {@link java.util.concurrent.Executor} on which the callers' continuations run. Default: the
     * batch's thread.
     */
    String completionExecutor() default "";
}
