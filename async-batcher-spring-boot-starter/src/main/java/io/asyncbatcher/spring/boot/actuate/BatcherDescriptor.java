package io.asyncbatcher.spring.boot.actuate;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.RemoteStatus;
import io.asyncbatcher.spring.boot.methods.Wirings;
import io.asyncbatcher.spring.boot.settings.Notation;
import io.asyncbatcher.spring.boot.settings.PlainOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One batcher as the endpoint shows it. Times are text as in ISO 8601, because what a mapper makes of them depends on its
 * settings; choices are in lower case.
 *
 * @param bean the bean whose method it is, or else that it is itself
 * @param method the method that its batches are handed to, or null
 * @param itemType null if that isn't known
 * @param resultType null if that isn't known
 * @param beans the names of the beans that it uses, by the option that names them; null = none. Empty for a batcher that is
 *     no method's
 * @param options by the builder's names; null = none
 * @param origins where each option got its value
 * @param oldestQueuedAge null where nobody knows, because the item was queued before anybody listened
 * @param runningBatches oldest first; not those that were given up
 * @param recentBatchSizes at dispatch, oldest first
 * @param batchSizes batches by size: each power of two counts those above the one before it, itself included
 * @param recentDurations of the processor, oldest first
 * @param outcomes batches by how they ended
 * @param lastFinished when the last batch ended, or null
 * @param recentFailures batches that did not succeed, oldest first
 * @param remote where it is, if it is in another application, or null
 */
record BatcherDescriptor(
        String name,
        @Nullable String bean,
        @Nullable String method,
        @Nullable String itemType,
        @Nullable String resultType,
        Map<String, @Nullable String> beans,
        Map<String, @Nullable Object> options,
        Map<String, String> origins,
        int queued,
        @Nullable String oldestQueuedAge,
        int inFlight,
        int activeBatches,
        int abandonedBatches,
        List<RunningBatch> runningBatches,
        boolean running,
        boolean paused,
        Map<String, Long> dispatches,
        Map<String, Long> rejections,
        List<Integer> recentBatchSizes,
        Map<Long, Long> batchSizes,
        List<String> recentDurations,
        Map<String, Long> outcomes,
        @Nullable String lastFinished,
        List<FailedBatch> recentFailures,
        @Nullable RemoteWorkers remote) {

    /**
     * Where the batcher is.
     *
     * @param state connected, or unreachable, or idle where no worker was needed yet
     */
    record RemoteWorkers(String target, String state, List<String> workers) {

        static @Nullable RemoteWorkers of(AsyncBatcher<?, ?> batcher) {
            if (!(batcher instanceof RemoteBatcher<?, ?> remote)) {
                return null;
            }
            RemoteStatus status = remote.status();
            String state = !status.workers().isEmpty()
                    ? "connected"
                    : status.unreachableFor() != null ? "unreachable" : "idle";
            return new RemoteWorkers(status.target(), state, status.workers());
        }
    }

    /** A batch whose processor has not returned. */
    record RunningBatch(int size, String age) {}

    /**
     * A batch that did not succeed.
     *
     * @param type the class of what its processor threw, or why it was aborted; null where the processor returned and said
     *     of items that they failed
     */
    record FailedBatch(
            String at, String outcome, int size, @Nullable String type) {}

    static BatcherDescriptor of(
            AsyncBatcher<?, ?> batcher, Wirings.Wiring wiring, Map<String, String> origins, BatchRecord record) {
        BatcherSnapshot snapshot = batcher.snapshot();
        return new BatcherDescriptor(
                batcher.name(),
                wiring.bean(),
                wiring.method(),
                wiring.itemType(),
                wiring.resultType(),
                wiring.beans(),
                options(batcher.options()),
                origins,
                snapshot.queued(),
                snapshot.oldestQueuedAge() == null ? null : text(snapshot.oldestQueuedAge()),
                snapshot.inFlight(),
                snapshot.activeBatches(),
                snapshot.abandonedBatches(),
                record.running().stream()
                        .map(batch -> new RunningBatch(batch.size(), text(batch.age())))
                        .toList(),
                snapshot.running(),
                snapshot.paused(),
                byName(snapshot.dispatches()),
                byName(snapshot.rejections()),
                snapshot.recentBatchSizes(),
                record.sizes(),
                record.recentDurations().stream().map(BatcherDescriptor::text).toList(),
                byName(record.outcomes()),
                record.lastFinished() == null ? null : text(record.lastFinished()),
                record.recentFailures().stream()
                        .map(failure -> new FailedBatch(
                                text(failure.at()), Notation.text(failure.outcome()), failure.size(), failure.type()))
                        .toList(),
                RemoteWorkers.of(batcher));
    }

    private static Map<String, @Nullable Object> options(BatcherOptions options) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        PlainOption.ALL.forEach(option -> values.put(option.name(), option.shown(options)));
        return values;
    }

    private static <E extends Enum<E>> Map<String, Long> byName(Map<E, Long> counts) {
        Map<String, Long> byName = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(count -> byName.put(Notation.text(count.getKey()), count.getValue()));
        return byName;
    }

    /** Microseconds are exact enough to read. */
    private static String text(Duration time) {
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
