/**
 * The API for Spring applications: {@link io.asyncbatcher.spring.Batched} for a method that processes batches,
 * {@link io.asyncbatcher.spring.BatchedBy} for a method that takes one item,
 * {@link io.asyncbatcher.spring.BatchedByFactory} for interfaces with such methods,
 * {@link io.asyncbatcher.spring.BatcherCustomizer} to change a builder, and
 * {@link io.asyncbatcher.spring.BatcherMetrics} for the meters of a batcher without Spring Boot.
 */
@NullMarked
package io.asyncbatcher.spring;

import org.jspecify.annotations.NullMarked;
