package io.asyncbatcher;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a batcher at one moment. The numbers of items are exact while no item is submitted, dispatched or settled.
 * Otherwise an item that is between two states may be missing, or be counted in both.
 *
 * @param queued accepted items that are in no batch yet
 * @param oldestQueuedAge the time since the submission of the item that has been queued longest; zero if none is
 *     queued. Exact if there was a listener at its submission, or if it has a timeout, a weight or a partition.
 *     Otherwise, if items linger, it is never too short, and too long by at most the time between two batches. If they
 *     do not linger, it is unknown and null
 * @param inFlight items handed to the processor and not settled
 * @param activeBatches batches that hold a slot, without the abandoned ones
 * @param abandonedBatches batches that were given up, and whose processor has not returned; each of them holds its slot
 * @param dispatches number of batches that have left the queue, by reason; every reason has an entry. It includes
 *     batches whose items were all cancelled before the call
 * @param rejections number of rejected items, by reason; every reason has an entry
 * @param recentBatchSizes the sizes of the last batches, at most 32, oldest first
 * @param running whether items are accepted
 * @param paused whether dispatch is paused
 */
public record BatcherSnapshot(
        int queued,
        @Nullable Duration oldestQueuedAge,
        int inFlight,
        int activeBatches,
        int abandonedBatches,
        Map<DispatchReason, Long> dispatches,
        Map<RejectionReason, Long> rejections,
        List<Integer> recentBatchSizes,
        boolean running,
        boolean paused) {

    /**
     * Copies the collections.
     *
     * @param queued zero or more
     * @param oldestQueuedAge zero or longer, or null
     * @param inFlight zero or more
     * @param activeBatches zero or more
     * @param abandonedBatches zero or more
     * @param dispatches is copied
     * @param rejections is copied
     * @param recentBatchSizes is copied
     * @param running true or false
     * @param paused true or false
     */
    public BatcherSnapshot {
        dispatches = Collections.unmodifiableMap(new LinkedHashMap<>(dispatches));
        rejections = Collections.unmodifiableMap(new LinkedHashMap<>(rejections));
        recentBatchSizes = List.copyOf(recentBatchSizes);
    }
}
