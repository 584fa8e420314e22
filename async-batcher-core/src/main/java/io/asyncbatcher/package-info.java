/**
 * Groups many small calls into few large calls. Callers submit single items and get a future for each. The engine
 * groups the items by size and time, calls the batch function of the user with limited concurrency, and completes each
 * future with the result of its item.
 *
 * <p>Start with {@link io.asyncbatcher.AsyncBatcher#builder}.
 */
@NullMarked
package io.asyncbatcher;

import org.jspecify.annotations.NullMarked;
