/**
 * The auto-configuration. {@link io.asyncbatcher.spring.boot.BatcherAutoConfiguration} brings the auto-configuration of each
 * concern, by its name; each is the way into its package.
 *
 * <ul>
 *   <li>{@code settings}: properties, and what each batcher is set to,
 *   <li>{@code introspect}, {@code signature}, {@code beans}, {@code methods}: client beans of {@code @Batched} methods,
 *   <li>{@code calls}: {@code @BatchedBy} methods,
 *   <li>{@code lifecycle}: every batcher bean, and its stop,
 *   <li>{@code metrics}, {@code tracing}, {@code logging}, {@code actuate}: what is shown of batchers,
 *   <li>{@code web}: responses to failures.
 * </ul>
 */
@NullMarked
package io.asyncbatcher.spring.boot;

import org.jspecify.annotations.NullMarked;
