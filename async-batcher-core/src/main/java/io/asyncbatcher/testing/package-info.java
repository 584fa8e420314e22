/**
 * For tests of applications: lets a batcher's own time and threads stand still until the test moves them, so that what
 * is batched, and why, can be tested without sleeping.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * BatchLog batches = new BatchLog();
 * AsyncBatcher<Long, Price> prices = AsyncBatcher.<Long, Price>builder(BatchProcessor.keyed(repository::findPrices))
 *         .time(time)
 *         .executor(Runnable::run)
 *         .listener(batches)
 *         .build();
 * }</pre>
 *
 * <p>Needs nothing but the public interfaces of {@code io.asyncbatcher}, and nothing there knows of it.
 */
@NullMarked
package io.asyncbatcher.testing;

import org.jspecify.annotations.NullMarked;
