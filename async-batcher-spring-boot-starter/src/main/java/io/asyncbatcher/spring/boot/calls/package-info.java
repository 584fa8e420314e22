/**
 * Methods with {@code @BatchedBy}: how they are found, and how their calls become items. {@code BatchedByCalls} handles a
 * call, be it of a bean's proxy or of an interface that {@code BatchedByProxies} implements.
 */
@NullMarked
package io.asyncbatcher.spring.boot.calls;

import org.jspecify.annotations.NullMarked;
