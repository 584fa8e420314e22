/**
 * What a Spring user imports: {@link io.asyncbatcher.spring.Batched} on a bean method that takes batches, {@link
 * io.asyncbatcher.spring.BatchedBy} on one that takes an item, {@link io.asyncbatcher.spring.BatchedByFactory} for
 * interfaces of those, {@link io.asyncbatcher.spring.BatcherCustomizer} to touch a builder, {@link
 * io.asyncbatcher.spring.BatcherMetrics} for the meters of a batcher without Spring Boot.
 */
@NullMarked
package io.asyncbatcher.spring;

import org.jspecify.annotations.NullMarked;
