/**
 * The auto-configuration. Start at {@link io.asyncbatcher.spring.boot.BatcherAutoConfiguration}. In the order of a
 * start: {@code BatchedMethodRegistrar} finds the methods, {@code BatchedSignature} says what each one takes and gives,
 * {@code BatcherFactory} makes a batcher of it with the {@code LayeredSettings}, {@code Batchers} holds every batcher
 * bean, {@code BatcherMeters}, {@code BatcherTraces}, {@code BatchersEndpoint} and {@code BatchersHealth} show them, and
 * {@code BatcherLifecycle} stops them. Apart from that, {@code BatchedByConfiguration} holds what sends calls of single
 * items there.
 */
@NullMarked
package io.asyncbatcher.spring.boot;

import org.jspecify.annotations.NullMarked;
