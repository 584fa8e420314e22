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
 * <p>The method has one parameter, the batch: a {@code List<T>}, {@code Collection<T>}, {@code Set<T>}, {@code Iterable<T>} or an
 * array. A list, collection or iterable can't be changed. It returns one of
 *
 * <ul>
 *   <li>with {@link #resultKey}, a {@code List<R>}, {@code Collection<R>}, {@code Set<R>}, {@code Iterable<R>} or an array in
 *       any order: each item gets the result whose property equals it, or null,
 *   <li>{@code Map<T, R>}: each item gets the value of the key that equals it, or null,
 *   <li>{@code void}: a {@code BatcherClient<T, Void>}, whose futures end with null,
 *   <li>{@code Map<T, Outcome<R>>} where items of one batch end differently; one without a key fails,
 *   <li>{@code List<R>}, {@code Collection<R>}, an array or {@code List<Outcome<R>>} by position: the same number of results
 *       in the same order, element i being the result of item i,
 * </ul>
 *
 * plain, or in a {@code CompletionStage}, a {@code CompletableFuture} or a {@code Mono}; a {@code Flux<R>} goes by
 * {@code resultKey} or by position, where each element settles its item when it comes. By position a {@code Collection<R>} has to be a {@code List}, a {@code Deque}, a {@code
 * LinkedHashSet}, a {@code SortedSet} or, on Java 21 and later, another {@code SequencedCollection}; anything else, and an
 * array of items that the method has changed, is a {@link io.asyncbatcher.BatchResultException}. With a {@code Set<T>} equal
 * items are one element, so positions say nothing: it needs a key, a map or no result.
 *
 * <p>A second parameter may be a {@link io.asyncbatcher.BatchResults BatchResults&lt;R&gt;}: the method reports each result to it
 * when it has it, the item's caller gets it at once, and the client is a {@code BatcherClient<T, R>}. Such a method returns
 * {@code void}, or a {@code CompletionStage<Void>}, {@code CompletableFuture<Void>} or {@code Mono<Void>} that ends after
 * the last report. Items come in anything but a {@code Set<T>}.
 *
 * <p>The method may be package-private, and may throw anything; what it throws reaches each caller unwrapped, but for what
 * {@link io.asyncbatcher.BatchProcessor} says of exceptions of other batchers.
 *
 * <p>It is called on a batch's own thread, never on a caller's: neither transaction, security context nor request of a
 * caller is seen there. {@code @Transactional} and other advice on the method itself work. A direct call of the method is an
 * ordinary call, on its caller's thread and with the list that it is given.
 *
 * <p>The bean is a singleton, or has a scoped proxy of a scope that has one instance at a time. A prototype, a bean that
 * belongs to one caller (as of a request, a session or a step), and an {@code @Async} method that doesn't return a {@code
 * CompletableFuture} fail startup.
 *
 * <p>The bean's id is the name followed by {@code BatcherClient}; the name is its qualifier, and its alias where no other
 * bean has it and no {@code @Resource} of another type looks it up; so are its spellings as a parameter and as a property. A
 * bean of that id that is a {@code BatcherClient} replaces it.
 *
 * <p>Every attribute may hold <code>${…}</code>, and an empty one is not set. {@code batcher.instances.<name>.*} has
 * precedence over the attributes that are options, these over {@code batcher.*}, and that over the built-in default. A bean that an attribute
 * names is looked for when all singletons are there, and made for the first item at the latest.
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
     * The batcher's name: a letter, then letters, digits, {@code -} and {@code _}. <code>{beanName}</code> in it stands for
     * the name of the bean, so that beans of one class, or of subclasses of one, get a batcher each. Names are compared as
     * properties are: {@code userById} and {@code user-by-id} are the same. Default: the method's name.
     *
     * @return the name, or a pattern with <code>{beanName}</code>
     */
    @AliasFor("value")
    String name() default "";

    /**
     * The property of a result that says which item it belongs to, for results in any order: a record component, a getter, a
     * public method without parameters or a public field. It equals the item, or its {@link #itemKey}. An item without a
     * result gets null; a result of no item, and a second one of an item, is a {@link
     * io.asyncbatcher.BatchResultException}. Both names are looked up, and their types compared, at startup. Default:
     * results belong to items as the method's return type says.
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
     * The limit of items in a batch; -1 = no limit. Default: 100.
     *
     * @return a number
     */
    String maxBatchSize() default "";

    /**
     * The longest linger of any item while a slot is free, as in {@code 10ms} or {@code PT0.01S}; zero = never linger.
     * Ignored where {@link #dispatch} is {@code natural}. Default: 10 ms.
     *
     * @return a duration
     */
    String maxQueueTime() default "";

    /**
     * The limit of batches in flight; -1 = no limit. Adaptive dispatch uses as many as pay. Default: 1.
     *
     * @return a number
     */
    String concurrency() default "";

    /**
     * The limit of queued items; -1 = no limit. Default: 10,000.
     *
     * @return a number
     */
    String maxQueueSize() default "";

    /**
     * What happens to an item that finds the queue full: {@code reject} (default) or {@code block}.
     *
     * @return the name of a policy
     */
    String overflow() default "";

    /**
     * The longest wait for room where {@link #overflow} is {@code block}. Default: 1 s.
     *
     * @return a duration
     */
    String maxBlockTime() default "";

    /**
     * The limit of a batch's weight, in the unit of the {@link #weigher}, which it needs; -1 = no limit. A heavier item is
     * rejected. Default: -1.
     *
     * @return a number
     */
    String maxBatchWeight() default "";

    /**
     * The bean name of the {@link java.util.function.ToLongFunction} that gives an item's weight, zero or more. It is
     * called once an item, by the submitting thread; what it throws fails that item alone.
     *
     * @return the name of a bean
     */
    String weigher() default "";

    /**
     * The bean name of the {@link java.util.function.Function} that gives an item's key: items with different keys share no
     * batch. It is called once an item, by the submitting thread; what it throws, or null, fails that item alone.
     * Default: all items share batches.
     *
     * @return the name of a bean
     */
    String partitionBy() default "";

    /**
     * The bean name of the {@link java.util.function.ToIntFunction} that gives an item's priority, 0 to 9: items with a higher
     * one go first, those of one level in the order of submission. With {@link #partitionBy}, partitions take turns all the
     * same, and the order holds within each. It is called once an item, by the submitting thread; what it throws, or
     * another level, fails that item alone. Default: the order of submission.
     *
     * @return the name of a bean
     */
    String prioritizeBy() default "";

    /**
     * How long an item waits to count one level of priority higher, and again for each further such time, up to level 9.
     * Only with {@link #prioritizeBy}. Default: 1 s.
     *
     * @return a duration
     */
    String priorityAgeing() default "";

    /**
     * Whether equal items of a batch reach the method once, every caller getting the result. Default: {@code false}.
     *
     * @return {@code true} or {@code false}
     */
    String deduplicate() default "";

    /**
     * The longest time from a batch's hand-over to the method's return; -1 = no limit. When it is over, the items fail and
     * the method's thread is interrupted. Default: -1.
     *
     * @return a duration
     */
    String batchTimeout() default "";

    /**
     * The bound on the whole way of an item that is submitted without a timeout of its own, also by a {@link BatchedBy}
     * method; -1 = no limit. When it is over, the item fails with {@link io.asyncbatcher.ItemExpiredException}. Without
     * it a method that hangs holds its callers forever. Default: -1.
     *
     * @return a duration
     */
    String itemTimeout() default "";

    /**
     * Whether load is shed: an item that can't be expected to be done within its timeout fails at once with {@link
     * io.asyncbatcher.ItemExpiredException}, and a queued one that can't any more makes room. Items without a timeout are
     * never shed. Default: {@code false}.
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
     * How long an item waits that ends in {@code Outcome.retry} without a delay of its own: so long after its first try,
     * twice as long after each further one, all ± 20 %; a millisecond at least. Default: 0.
     *
     * @return a duration
     */
    String retryDelay() default "";

    /**
     * The longest delay that follows from {@link #retryDelay}. Default: 1m.
     *
     * @return a duration
     */
    String maxRetryDelay() default "";

    /**
     * The bean name of the {@code Predicate<Throwable>} that tells which failures are some item's fault: a batch that fails
     * so is halved and run again until only the items at fault fail. Default: no batch is.
     *
     * @return the name of a bean
     */
    String isolateFailures() default "";

    /**
     * The limit of calls in any sliding window, as in {@code 100/1s}: at most a hundred a second; -1 = no limit. Default:
     * -1.
     *
     * @return a number of calls and a duration
     */
    String rateLimit() default "";

    /**
     * Whether a batch that isn't full waits for more items while a slot is free: {@code fixed} (default), {@code natural}
     * or {@code adaptive}, as {@link io.asyncbatcher.DispatchMode} tells.
     *
     * @return the name of a mode
     */
    String dispatch() default "";

    /**
     * The bean name of the {@link java.util.concurrent.Executor} on which the method runs. Default: threads of the
     * batchers' own, virtual ones where {@code spring.threads.virtual.enabled} is set.
     *
     * @return the name of a bean
     */
    String executor() default "";

    /**
     * The bean name of the {@link java.util.concurrent.Executor} on which the callers' continuations run. Default: the
     * batch's thread.
     *
     * @return the name of a bean
     */
    String completionExecutor() default "";

    /**
     * The bean name of the {@link io.asyncbatcher.BatcherListener} that is told of every event. Default: none.
     *
     * @return the name of a bean
     */
    String listener() default "";

    /**
     * Whether batches are traced, where the application has a tracer. Default: {@code true}.
     *
     * @return {@code true} or {@code false}
     */
    String tracing() default "";
}
