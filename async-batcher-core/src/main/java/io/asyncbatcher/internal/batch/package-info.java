/** One batch: its attempts at calling the processor, the ends of its items, and how these are settled. */
@NullMarked
package io.asyncbatcher.internal.batch;

import org.jspecify.annotations.NullMarked;
