package io.asyncbatcher.grpc;

import io.asyncbatcher.BatcherSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is doing, from what its lanes are doing. */
final class Snapshots {

    private static final int RECENT = 32;

    private Snapshots() {}

    /**
     * The lanes' snapshots as one.
     *
     * @param open items that are not settled: what is not queued of them is in flight, at the client or at a worker
     */
    static BatcherSnapshot of(List<Lane> lanes, int open) {
        List<BatcherSnapshot> all =
                lanes.stream().map(lane -> lane.queue().snapshot()).toList();
        BatcherSnapshot first = all.get(0);
        int queued = 0;
        int active = 0;
        Duration oldest = first.oldestQueuedAge();
        List<Integer> sizes = new ArrayList<>();
        for (BatcherSnapshot one : all) {
            queued += one.queued();
            active += one.activeBatches();
            oldest = longer(oldest, one.oldestQueuedAge());
            sizes.addAll(one.recentBatchSizes());
        }
        return new BatcherSnapshot(
                queued,
                oldest,
                Math.max(0, open - queued),
                active,
                0,
                sum(all.stream().map(BatcherSnapshot::dispatches).toList()),
                sum(all.stream().map(BatcherSnapshot::rejections).toList()),
                sizes.subList(Math.max(0, sizes.size() - RECENT), sizes.size()),
                first.running(),
                first.paused());
    }

    private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return null;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static <K extends Enum<K>> Map<K, Long> sum(List<Map<K, Long>> counts) {
        Map<K, Long> sums = new EnumMap<>(counts.get(0));
        counts.stream().skip(1).forEach(more -> more.forEach((key, count) -> sums.merge(key, count, Long::sum)));
        return sums;
    }
}
