package io.asyncbatcher.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a bean's method, which takes one item and gives its result, a caller of the batcher of that name: calls made at
 * about the same time share a batch, and nobody who calls the method needs to know.
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
 * <p>The batcher is that of a {@link Batched} method, or an {@code AsyncBatcher} bean that the application declares. With
 * a batcher of {@code T} and {@code R} the method has one parameter, a {@code T}, and returns one of
 *
 * <ul>
 *   <li>{@code R}: the calling thread waits, be it a platform or a virtual one, for the batcher's {@code itemTimeout} at most
 *       where it has one. What the item failed with is thrown as it is where it is unchecked or the method declares it, and
 *       as the cause of an {@link java.lang.reflect.UndeclaredThrowableException} where not. An interrupt cancels the item;
 *       the thread's flag is set again and a {@link java.util.concurrent.CancellationException} thrown. {@code Void} waits
 *       for an item without a result. A primitive fails with an {@link IllegalStateException} where the result is null,
 *   <li>{@code Optional<R>}: the same, empty where the result is null,
 *   <li>{@code CompletableFuture<R>}, {@code CompletionStage<R>} or {@code Future<R>}: that of {@code
 *       BatcherClient.process}, so that cancelling it cancels the item,
 *   <li>{@code Mono<R>}: each subscription submits the item once more, its cancellation cancels the item, and a null result
 *       is an empty {@code Mono}. With {@code overflow = block} the subscriber's thread is the one that waits for room.
 * </ul>
 *
 * <p>The method belongs to an interface that {@link BatchedByFactory} implements, or to a class whose bean Spring puts a
 * proxy around. A class's method is never called itself, not even where the batch is: its body is run only by a call that
 * bypasses the proxy, as by another method of its own class, and should throw. Other advice on it ({@code @Cacheable},
 * {@code @PreAuthorize}, …) comes before the item is submitted; under {@code @Transactional} the caller would hold its
 * connection while it waits, which is logged as a warning once a batcher where the batch method is transactional too.
 *
 * <p>A batcher that doesn't exist or has other types, and a method that no proxy can stand in for (private, static, final,
 * of a final class), stop the start.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface BatchedBy {

    /**
     * The batcher's name. May hold <code>${…}</code>.
     *
     * @return the name
     */
    String value();
}
