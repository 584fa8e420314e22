/**
 * For tests of applications: the time and the executor of a batcher are controlled by the test. So a test can check
 * which items share a batch, and why, without sleeping.
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
 * <p>This package uses only the public interfaces of {@code io.asyncbatcher}.
 */
@NullMarked
package io.asyncbatcher.testing;

import org.jspecify.annotations.NullMarked;
