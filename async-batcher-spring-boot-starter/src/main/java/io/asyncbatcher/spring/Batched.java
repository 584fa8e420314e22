package io.asyncbatcher.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes a method of a bean the processor of a batcher, and adds a {@code BatcherClient<T, R>} bean to which callers
 * submit single items.
 *
 * <pre>{@code
 * @Service
 * class Prices {
 *     @Batched(value = "prices", resultKey = "sku")
 *     List<Price> findAll(List<Sku> skus) { … }      // in any order; each price has its sku
 * }
 *
 * @RestController
 * class PriceController {
 *     PriceController(BatcherClient<Sku, Price> prices) { … }
 * }
 * }</pre>
 *
 * <p>The parameter of the method is the batch: a {@code List<T>}, {@code Collection<T>}, {@code Set<T>},
 * {@code Iterable<T>} or an array. A list, collection or iterable is unmodifiable. The method returns one of
 *
 * <ul>
 *   <li>with {@link #resultKey}, a {@code List<R>}, {@code Collection<R>}, {@code Set<R>}, {@code Iterable<R>} or an
 *       array in any order: each item gets the result whose property equals the item, or null,
 *   <li>{@code Map<T, R>}: each item gets the value of the key that equals the item, or null,
 *   <li>{@code void}: a {@code BatcherClient<T, Void>}, whose futures complete with null,
 *   <li>{@code Map<T, Outcome<R>>} if items of a batch end differently; an item without a key fails,
 *   <li>{@code List<R>}, {@code Collection<R>}, an array or {@code List<Outcome<R>>} by position: the same number of
 *       results in the same order; element i is the result of item i,
 * </ul>
 *
 * plain, or in a {@code CompletionStage}, a {@code CompletableFuture} or a {@code Mono}. A {@code Flux<R>} needs a
 * {@code resultKey}, or has one element for each item by position; then each element settles its item when it arrives.
 * By position, a {@code Collection<R>} must be a {@code List}, a {@code Deque}, a {@code LinkedHashSet}, a
 * {@code SortedSet} or, on Java 21 and later, another {@code SequencedCollection}. Any other collection, and an array
 * of items that the method has changed, is a {@link io.asyncbatcher.BatchResultException}. A {@code Set<T>} contains
 * equal items only once and has no positions: it requires a key, a map or no result.
 *
 * <p>A second parameter may be a {@link io.asyncbatcher.BatchResults BatchResults&lt;R&gt;}. The method reports each
 * result to it as soon as it has it, and the caller of the item gets the result immediately. The client is a
 * {@code BatcherClient<T, R>}. Such a method returns {@code void}, or a {@code CompletionStage<Void>},
 * {@code CompletableFuture<Void>} or {@code Mono<Void>} that completes after the last report. Its first parameter is
 * not a {@code Set<T>}.
 *
 * <p>The method may be package-private, and may throw any exception. Each caller gets the exception unwrapped, except
 * exceptions of other batchers (see {@link io.asyncbatcher.BatchProcessor}).
 *
 * <p>The method is called on a thread of the batch, never on that of a caller. It does not see the transaction, the
 * security context or the request of a caller. {@code @Transactional} and other advice on the method work. A direct
 * call of the method is an ordinary call, on the thread of its caller, with the list that the caller passes.
 *
 * <p>The bean is a singleton, or has a scoped proxy of a scope that has one instance at a time. These fail startup: a
 * prototype, a bean that belongs to one caller (for example of a request, a session or a step), and an {@code @Async}
 * method that does not return a {@code CompletableFuture}.
 *
 * <p>The id of the client bean is the name followed by {@code BatcherClient}. The name is its qualifier. The name is
 * also its alias, unless another bean has this name or a {@code @Resource} of another type looks it up. The same
 * applies to the spellings of the name as a parameter and as a property. A {@code BatcherClient} bean of the
 * application with the same id replaces the client.
 *
 * <p>Every attribute may contain placeholders (<code>${…}</code>). An empty attribute is not set. For options,
 * {@code batcher.instances.<name>.*} has precedence over the attributes, the attributes have precedence over
 * {@code batcher.*}, and that has precedence over the built-in default. A bean that an attribute names is looked up
 * when all singletons exist, and created for the first item at the latest.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface Batched {

    /**
     * Same as {@link #name}.
     *
     * @return the name
     */
    @AliasFor("name")
    String value() default "";

    /**
     * The name of the batcher: a letter, then letters, digits, {@code -} and {@code _}. <code>{beanName}</code> is
     * replaced by the name of the bean, so that several beans with the same method get a batcher each. Names are
     * compared like property names: {@code userById} and {@code user-by-id} are the same name. Default: the name of the
     * method.
     *
     * @return the name, or a pattern with <code>{beanName}</code>
     */
    @AliasFor("value")
    String name() default "";

    /**
     * The property of a result that identifies its item, for results in any order: a record component, a getter, a
     * public method without parameters or a public field. Its value equals the item, or the {@link #itemKey} of the
     * item. An item without a result gets null. A result that belongs to no item, and a second result for an item, are
     * a {@link io.asyncbatcher.BatchResultException}. Names and types are checked at startup. Default: the return type
     * of the method decides which result belongs to which item.
     *
     * @return the name of a property
     */
    String resultKey() default "";

    /**
     * The property of an item that equals the {@link #resultKey} of its result. Default: the item itself.
     *
     * @return the name of a property
     */
    String itemKey() default "";

    /**
     * The maximum number of items in a batch; -1 = no limit. Default: 100.
     *
     * @return a number
     */
    String maxBatchSize() default "";

    /**
     * The longest linger of an item while a slot is free, for example {@code 10ms} or {@code PT0.01S}; zero = never
     * linger. Ignored if {@link #dispatch} is {@code natural}. Default: 10 ms.
     *
     * @return a duration
     */
    String maxQueueTime() default "";

    /**
     * The maximum number of batches in flight; -1 = no limit. Adaptive dispatch learns how many to use. Default: 1.
     *
     * @return a number
     */
    String concurrency() default "";

    /**
     * The maximum number of queued items; -1 = no limit. Default: 10,000.
     *
     * @return a number
     */
    String maxQueueSize() default "";

    /**
     * What happens to an item if the queue is full: {@code reject} (default) or {@code block}.
     *
     * @return the name of a policy
     */
    String overflow() default "";

    /**
     * The longest wait for room if {@link #overflow} is {@code block}. Default: 1 s.
     *
     * @return a duration
     */
    String maxBlockTime() default "";

    /**
     * The maximum weight of a batch, in the unit of the {@link #weigher}; -1 = no limit. Requires a weigher. A heavier
     * item is rejected. Default: -1.
     *
     * @return a number
     */
    String maxBatchWeight() default "";

    /**
     * The bean name of the {@link java.util.function.ToLongFunction} that returns the weight of an item, zero or more.
     * It is called once for each item, by the submitting thread. An exception fails that item only.
     *
     * @return the name of a bean
     */
    String weigher() default "";

    /**
     * The bean name of the {@link java.util.function.Function} that returns the partition key of an item. Items with
     * different keys share no batch. It is called once for each item, by the submitting thread. An exception or null
     * fails that item only. Default: all items share batches.
     *
     * @return the name of a bean
     */
    String partitionBy() default "";

    /**
     * The bean name of the {@link java.util.function.ToIntFunction} that returns the priority of an item, 0 to 9. Items
     * with a higher priority are dispatched first, items of one level in the order of submission. With
     * {@link #partitionBy}, partitions are served round-robin regardless of priorities, and priorities apply within
     * each partition. It is called once for each item, by the submitting thread. An exception or another level fails
     * that item only. Default: the order of submission.
     *
     * @return the name of a bean
     */
    String prioritizeBy() default "";

    /**
     * The time after which a waiting item counts one level of priority higher, and again after each further such time,
     * up to level 9. Has an effect only with {@link #prioritizeBy}. Default: 1 s.
     *
     * @return a duration
     */
    String priorityAgeing() default "";

    /**
     * Whether equal items of a batch are passed to the method once. Every caller gets the result. Default:
     * {@code false}.
     *
     * @return {@code true} or {@code false}
     */
    String deduplicate() default "";

    /**
     * The longest time from the hand-over of a batch to the return of the method; -1 = no limit. Then the items fail
     * and the thread of the method is interrupted. Default: -1.
     *
     * @return a duration
     */
    String batchTimeout() default "";

    /**
     * The longest time from submission to result of an item that is submitted without a timeout of its own, including
     * items of {@link BatchedBy} methods; -1 = no limit. Then the item fails with
     * {@link io.asyncbatcher.ItemExpiredException}. Without this timeout, a method that hangs makes its callers wait
     * forever. Default: -1.
     *
     * @return a duration
     */
    String itemTimeout() default "";

    /**
     * Whether load is shed: an item that is not expected to be done within its timeout is rejected with
     * {@link io.asyncbatcher.ItemExpiredException}, and a queued item that can no longer be done in time is removed
     * from the queue with the same exception. Items without a timeout are never shed. Default: {@code false}.
     *
     * @return {@code true} or {@code false}
     */
    String shedLoad() default "";

    /**
     * The maximum number of attempts for an item that ends in {@code Outcome.retry}. Default: 3.
     *
     * @return a number
     */
    String maxAttempts() default "";

    /**
     * The delay before the next attempt of an item that ends in {@code Outcome.retry} without a delay of its own. It
     * doubles with each attempt, all ± 20 %, and is at least a millisecond. Default: 0.
     *
     * @return a duration
     */
    String retryDelay() default "";

    /**
     * The longest delay that results from {@link #retryDelay}. Default: 1 min.
     *
     * @return a duration
     */
    String maxRetryDelay() default "";

    /**
     * The bean name of the {@code Predicate<Throwable>} that returns whether a failure is caused by single items. A
     * batch with such a failure is halved and run again until only the items at fault fail. Default: no batch is
     * halved.
     *
     * @return the name of a bean
     */
    String isolateFailures() default "";

    /**
     * The maximum number of calls in any sliding window. For example, {@code 100/1s} means at most a hundred calls in a
     * second; -1 = no limit. Default: -1.
     *
     * @return a number of calls and a duration
     */
    String rateLimit() default "";

    /**
     * Whether a batch that is not full waits for more items while a slot is free: {@code fixed} (default),
     * {@code natural} or {@code adaptive} (see {@link io.asyncbatcher.DispatchMode}).
     *
     * @return the name of a mode
     */
    String dispatch() default "";

    /**
     * The bean name of the {@link java.util.concurrent.Executor} on which the method runs. Default: threads of the
     * batcher, which are virtual if {@code spring.threads.virtual.enabled} is true on Java 21 or later.
     *
     * @return the name of a bean
     */
    String executor() default "";

    /**
     * The bean name of the {@link java.util.concurrent.Executor} on which the continuations of callers run. Default:
     * the thread of the batch.
     *
     * @return the name of a bean
     */
    String completionExecutor() default "";

    /**
     * The bean name of the {@link io.asyncbatcher.BatcherListener} that gets every event. Default: none.
     *
     * @return the name of a bean
     */
    String listener() default "";

    /**
     * Whether batches are traced if the application has a tracer. Default: {@code true}.
     *
     * @return {@code true} or {@code false}
     */
    String tracing() default "";
}
