/**
 * Every batcher bean from its creation to its end: {@code Batchers} holds them and tells others of them, {@code
 * BatcherLifecycle} stops them gracefully with the context.
 */
@NullMarked
package io.asyncbatcher.spring.boot.lifecycle;

import org.jspecify.annotations.NullMarked;
