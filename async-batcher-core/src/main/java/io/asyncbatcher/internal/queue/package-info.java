/** What is queued: tickets and cells, partitions and entries, and since when they linger. */
@NullMarked
package io.asyncbatcher.internal.queue;

import org.jspecify.annotations.NullMarked;
