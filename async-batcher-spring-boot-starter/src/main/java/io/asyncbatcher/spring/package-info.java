/**
 * What a Spring user imports: {@link io.asyncbatcher.spring.Batched} on a bean method, {@link
 * io.asyncbatcher.spring.BatcherCustomizer} to touch a builder, {@link io.asyncbatcher.spring.BatcherMetrics} for the
 * meters of a batcher without Spring Boot.
 */
@NullMarked
package io.asyncbatcher.spring;

import org.jspecify.annotations.NullMarked;
