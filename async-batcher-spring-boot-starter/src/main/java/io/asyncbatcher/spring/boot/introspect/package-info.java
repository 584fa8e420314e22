/**
 * How annotated methods of beans are found and spoken of, before there are beans: what {@code @Batched} and
 * {@code @BatchedBy} have in common.
 */
@NullMarked
package io.asyncbatcher.spring.boot.introspect;

import org.jspecify.annotations.NullMarked;
