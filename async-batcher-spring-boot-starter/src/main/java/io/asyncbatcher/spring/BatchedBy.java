package io.asyncbatcher.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes each call of a method an item of the named batcher. Calls at about the same time share a batch. The method
 * takes one item and returns its result, and its callers see an ordinary method.
 *
 * <pre>{@code
 * interface PriceLookup {
 *     @BatchedBy("prices")
 *     Price find(Sku sku);
 * }
 *
 * @Bean
 * PriceLookup priceLookup(BatchedByFactory factory) {
 *     return factory.create(PriceLookup.class);
 * }
 * }</pre>
 *
 * <p>The batcher is that of a {@link Batched} method, or a declared {@code AsyncBatcher} bean. For a batcher of
 * {@code T} and {@code R}, the method has one parameter of type {@code T} and returns one of
 *
 * <ul>
 *   <li>{@code R}: the calling thread (platform or virtual) waits, at most for the {@code itemTimeout} of the batcher
 *       if it is set. The exception of a failed item is thrown as it is if it is unchecked or declared by the method.
 *       Otherwise it is the cause of an {@link java.lang.reflect.UndeclaredThrowableException}. An interrupt cancels
 *       the item: the interrupt flag is set again and a {@link java.util.concurrent.CancellationException} is thrown.
 *       {@code Void} waits for an item without a result. A primitive return type fails with an
 *       {@link IllegalStateException} if the result is null,
 *   <li>{@code Optional<R>}: the same, empty if the result is null,
 *   <li>{@code CompletableFuture<R>}, {@code CompletionStage<R>} or {@code Future<R>}: the future of
 *       {@code BatcherClient.process}. Cancelling it cancels the item,
 *   <li>{@code Mono<R>}: each subscription submits the item again, and its cancellation cancels the item. A null result
 *       is an empty {@code Mono}. With {@code overflow = block}, the subscribing thread waits for room.
 * </ul>
 *
 * <p>The method belongs to an interface that {@link BatchedByFactory} implements, or to the class of a bean, for which
 * Spring creates a proxy. The proxy never runs the body of the method. A call that bypasses the proxy, for example of
 * another method of the same class, runs the body, so the body should throw. Other advice on the method
 * ({@code @Cacheable}, {@code @PreAuthorize}, …) is applied before the item is submitted. With {@code @Transactional},
 * the caller would hold its connection while it waits. If the batch method is transactional too, this is logged as a
 * warning, once for each batcher.
 *
 * <p>These fail startup: a batcher that does not exist or has other types, and a method that a proxy cannot override
 * (private, static, final, or of a final class).
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface BatchedBy {

    /**
     * The name of the batcher. It may contain placeholders (<code>${…}</code>).
     *
     * @return the name
     */
    String value();
}
