/**
 * The auto-configuration. {@link io.asyncbatcher.spring.boot.BatcherAutoConfiguration} imports the auto-configuration
 * of each concern. Each is the entry point of its package.
 *
 * <ul>
 *   <li>{@code settings}: properties, and the options of each batcher,
 *   <li>{@code introspect}, {@code signature}, {@code beans}, {@code methods}: client beans of {@code @Batched} methods,
 *   <li>{@code calls}: {@code @BatchedBy} methods,
 *   <li>{@code lifecycle}: every batcher bean, and its stop,
 *   <li>{@code metrics}, {@code tracing}, {@code logging}, {@code actuate}: monitoring,
 *   <li>{@code web}: responses to failures.
 * </ul>
 */
@NullMarked
package io.asyncbatcher.spring.boot;

import org.jspecify.annotations.NullMarked;
