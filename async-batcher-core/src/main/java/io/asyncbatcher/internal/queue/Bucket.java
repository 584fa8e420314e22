package io.asyncbatcher.internal.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The partitions of one hash code in the {@link PartitionIndex}: mostly one. Compared by identity. */
sealed interface Bucket<T, R extends @Nullable Object> permits PartitionQueue, KeyCrowd {

    /** Adds its partitions to a list; forgotten ones, which have nothing queued, may be among them. */
    void addTo(List<PartitionQueue<T, R>> partitions);
}
