package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.RateLimit;
import io.asyncbatcher.internal.policy.ServiceEstimate;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.PartitionQueue;
import io.asyncbatcher.internal.thread.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * How long an item may be expected to wait until its batch begins, as things are at one moment.
 *
 * <p>Ahead of it are the batches of its own partition, all of them full, and in the same number of rounds those of the
 * partitions that take turns with it. The slots work them off side by side; what runs is expected to need the rest of its
 * learned time. Where the rate of calls is limited, they also have to find room in its windows. Linger isn't counted, nor
 * what comes later. Guarded by the engine's lock.
 */
final class ExpectedWait {

    private final ServiceEstimate estimate;
    private final Backlog<?, ?> backlog;
    private final double maxBatchSize;
    private final long maxBatchWeight;
    private final double slots;
    private final double freeSlots;
    private final double runningNanos;
    private final double paceNanos;
    private final @Nullable RateLimit limit;
    private final int queuedPartitions;

    ExpectedWait(
            ServiceEstimate estimate,
            Backlog<?, ?> backlog,
            Decision<?, ?> decision,
            PartitionSchedule<?, ?> partitions,
            long nowNanos) {
        this.estimate = estimate;
        this.backlog = backlog;
        maxBatchSize = decision.maxBatchSize();
        maxBatchWeight = decision.options().maxBatchWeight();
        freeSlots = decision.freeSlots();
        slots = decision.slotCount();
        runningNanos = estimate.runningNanos(nowNanos);
        limit = decision.options().rateLimit();
        long pace = decision.paceNanos();
        paceNanos = pace < Nanos.FOREVER || limit == null ? pace : Nanos.of(limit.per());
        queuedPartitions = partitions.queuedPartitions();
    }

    /** The size of the batch of an item that has so many items of its partition ahead of it, and of those before it. */
    double batchSize(PartitionQueue<?, ?> partition, long ahead) {
        double own = batches(partition, ahead);
        return Math.min(maxBatchSize, own == 0 ? ahead + 1.0 : ahead / own);
    }

    /** How many batches of its partition are ahead of an item that has so many of its items ahead of it. */
    private double batches(PartitionQueue<?, ?> partition, long ahead) {
        double bySize = Math.floor(ahead / maxBatchSize);
        if (maxBatchWeight <= 0 || partition.size() == 0) {
            return bySize;
        }
        double weight = (double) partition.weight() / partition.size() * ahead;
        return Math.max(bySize, Math.floor(weight / maxBatchWeight));
    }

    /** The wait of an item that has so many items of its partition ahead of it. */
    double nanos(PartitionQueue<?, ?> partition, long ahead) {
        double own = batches(partition, ahead);
        double nanosOfBatches = own == 0 ? 0 : own * estimate.nanos(batchSize(partition, ahead));
        double batches = own;
        int others = queuedPartitions - (partition.size() > 0 ? 1 : 0);
        if (others > 0) {
            double items = backlog.roomTaken() - partition.size();
            double theirs = Math.min(others * (own + 1), others + Math.floor(items / maxBatchSize));
            nanosOfBatches += theirs * estimate.nanos(Math.min(maxBatchSize, items / others));
            batches += theirs;
        }
        return Math.max(slotNanos(batches, nanosOfBatches), limitNanos(batches));
    }

    private double slotNanos(double batches, double nanosOfBatches) {
        if (batches < freeSlots) {
            return 0;
        }
        // slots become free one after the other, so the first of them does so before the mean
        double one = batches == 0 ? runningNanos / slots * 2 : nanosOfBatches / batches;
        return Math.max(0, (runningNanos + nanosOfBatches - one * (slots - 1) / 2) / slots);
    }

    private double limitNanos(double batches) {
        return limit == null ? paceNanos : paceNanos + Math.floor(batches / limit.batches()) * Nanos.of(limit.per());
    }
}
