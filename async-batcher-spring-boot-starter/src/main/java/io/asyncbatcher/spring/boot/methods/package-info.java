/**
 * Methods with {@code @Batched}: how they are found, registered as client beans and called. In the order of a start: {@code
 * BatchedMethodRegistrar}, {@code BatchedMethodFinder}, {@code BatcherFactory}, {@code BatchedTarget}.
 */
@NullMarked
package io.asyncbatcher.spring.boot.methods;

import org.jspecify.annotations.NullMarked;
