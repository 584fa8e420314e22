/**
 * Turns many small calls into few big ones: callers hand over single items and get a future each, the engine groups
 * the items by size and time, runs the user's batch function with limited concurrency, and settles each caller's own
 * result.
 *
 * <p>Start at {@link io.asyncbatcher.AsyncBatcher#builder}. The files follow the way of an item: {@code Engine} admits
 * it, {@code Queue} keeps it, {@code Dispatcher} decides when it may go, {@code Batch} takes it through the processor and
 * settles it, {@code Item} is the caller's future.
 */
@NullMarked
package io.asyncbatcher;

import org.jspecify.annotations.NullMarked;
