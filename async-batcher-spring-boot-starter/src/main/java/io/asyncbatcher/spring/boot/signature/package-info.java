/**
 * What a method with {@code @Batched} takes and gives: its types, how its results belong to its items, and the processor
 * that follows from that. Start at {@code BatchedSignature}.
 */
@NullMarked
package io.asyncbatcher.spring.boot.signature;

import org.jspecify.annotations.NullMarked;
