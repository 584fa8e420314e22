package io.asyncbatcher.internal.queue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that have something queued: those whose batch may go take turns, the others wait for more items. A
 * partition with nothing queued isn't here. Used under the engine's lock.
 */
public final class RoundRobin<T, R extends @Nullable Object> {

    private final Set<PartitionQueue<T, R>> due = new LinkedHashSet<>();
    private final Set<PartitionQueue<T, R>> waiting = new LinkedHashSet<>();

    /** Puts a partition where it belongs now; one that is due keeps its turn, to be looked at when that has come. */
    public void stand(PartitionQueue<T, R> partition, PartitionQueue.Standing standing) {
        if (partition.standing == standing
                || (partition.standing == PartitionQueue.Standing.DUE && standing == PartitionQueue.Standing.WAITING)) {
            return;
        }
        endTurn(partition);
        waiting.remove(partition);
        if (standing == PartitionQueue.Standing.DUE) {
            due.add(partition);
        } else if (standing == PartitionQueue.Standing.WAITING) {
            waiting.add(partition);
        }
        partition.standing = standing; // last, so that a failure to add it is made good by the next attempt
    }

    /** The partition whose turn it is; it keeps that until it is placed anew. */
    @Nullable
    public PartitionQueue<T, R> first() {
        Iterator<PartitionQueue<T, R>> partitions = due.iterator();
        return partitions.hasNext() ? partitions.next() : null;
    }

    /** How many partitions are here. */
    public int size() {
        return due.size() + waiting.size();
    }

    /** Ends a partition's turn, to be placed anew at once. */
    public void endTurn(PartitionQueue<T, R> partition) {
        due.remove(partition);
        partition.standing = PartitionQueue.Standing.EMPTY;
    }

    /** Those that have waited longest, at most so many. */
    public List<PartitionQueue<T, R>> waiting(int atMost) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<PartitionQueue<T, R>> partitions = new ArrayList<>();
        for (PartitionQueue<T, R> partition : waiting) {
            if (partitions.size() == atMost) {
                break;
            }
            partitions.add(partition);
        }
        return partitions;
    }
}
