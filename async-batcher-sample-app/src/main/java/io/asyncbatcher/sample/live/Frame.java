package io.asyncbatcher.sample.live;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.spring.RemoteBatcher;
import io.asyncbatcher.spring.RemoteStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page is told, four times a second. Rates and percentiles are those of the second before.
 *
 * @param at milliseconds of an arbitrary clock, for the time axis
 * @param run the one that is running, or the last one; null before the first
 */
record Frame(long at, @Nullable Run run, Map<NewRun.LaneName, Lane> lanes, Map<String, Batcher> batchers) {

    /**
     * One run.
     *
     * @param load as it was asked for
     * @param elapsedSeconds since its start, until its end
     * @param end why it ended; null while it is running
     */
    record Run(
            long id,
            NewRun load,
            double elapsedSeconds,
            @Nullable String end) {}

    /**
     * One lane.
     *
     * @param failed calls of the whole run
     * @param failures the same by the class of the failure; the first kinds only
     */
    record Lane(Calls lastSecond, Calls wholeRun, long failed, Map<String, Long> failures) {}

    /** Calls that succeeded, and the percentiles of their latencies in milliseconds; null where there was none. */
    record Calls(
            long count,
            double perSecond,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99) {}

    /**
     * One batcher.
     *
     * @param options now
     * @param configured what they were when the application started
     * @param rejected rejected items so far
     * @param remote where it is; null if it is in this application
     */
    record Batcher(
            Options options,
            Options configured,
            int queued,
            int inFlight,
            int activeBatches,
            long rejected,
            boolean running,
            boolean paused,
            Batches lastSecond,
            @Nullable Remote remote) {}

    /**
     * Where a batcher of another application is.
     *
     * @param state connected, or unreachable, or idle where no worker was needed yet
     */
    record Remote(String target, String state, List<String> workers) {

        static @Nullable Remote of(AsyncBatcher<?, ?> batcher) {
            if (!(batcher instanceof RemoteBatcher<?, ?> remote)) {
                return null;
            }
            RemoteStatus status = remote.status();
            String withoutWorker = status.unreachableFor() == null ? "idle" : "unreachable";
            return new Remote(
                    status.target(), status.workers().isEmpty() ? withoutWorker : "connected", status.workers());
        }
    }

    /** The options that the page can change, with times in milliseconds, and the size of the queue. */
    record Options(int maxBatchSize, double maxQueueMillis, int concurrency, String dispatch, int maxQueueSize) {

        static Options of(BatcherOptions options) {
            return new Options(
                    options.maxBatchSize(),
                    options.maxQueueTime().toNanos() / 1e6,
                    options.concurrency(),
                    options.dispatch().name().toLowerCase(Locale.ROOT),
                    options.maxQueueSize());
        }
    }

    /**
     * The batches that were dispatched.
     *
     * @param smallest items in the smallest batch; 0 if there was none, like the largest
     * @param reasons batches by the reason of their dispatch, all reasons
     * @param meanQueued items, of four looks
     * @param meanInFlight items, of four looks
     */
    record Batches(
            long count,
            long items,
            int smallest,
            int largest,
            Map<String, Long> reasons,
            double meanQueued,
            double meanInFlight) {}
}
