package io.asyncbatcher.testing;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.RejectionReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Records the batches of a batcher: when and why they were dispatched, and how they ended. Used as
 * {@link AsyncBatcher.Builder#listener}.
 *
 * <p>Batches may end in another order than they began, or never. Each is therefore recorded twice: when it is
 * dispatched and when it is finished. Items are not recorded; a test gets them from its processor. Thread-safe. Lists
 * are copies.
 */
public final class BatchLog implements BatcherListener {

    /**
     * A batch that has left the queue, just before the processor is called with it.
     *
     * @param reason why it left the queue
     * @param queueTimes the time from submission to dispatch; element i belongs to item i of the batch
     */
    public record Dispatched(DispatchReason reason, List<Duration> queueTimes) {

        /**
         * Copies the list.
         *
         * @param reason any reason
         * @param queueTimes is copied
         */
        public Dispatched {
            queueTimes = List.copyOf(queueTimes);
        }

        /**
         * The number of items.
         *
         * @return at least 1
         */
        public int size() {
            return queueTimes.size();
        }
    }

    /**
     * A batch that has ended.
     *
     * @param outcome how it ended
     * @param size the number of items that the processor was called with
     * @param duration the time that the processor took
     */
    public record Finished(BatchOutcome outcome, int size, Duration duration) {}

    private final Queue<Dispatched> dispatched = new ConcurrentLinkedQueue<>();
    private final Queue<Finished> finished = new ConcurrentLinkedQueue<>();
    private final Queue<RejectionReason> rejected = new ConcurrentLinkedQueue<>();

    /** An empty log. */
    public BatchLog() {}

    /**
     * The batches with which the processor was called, in this order. Batches that wait for the executor are not
     * included.
     *
     * @return a copy
     */
    public List<Dispatched> dispatched() {
        return List.copyOf(dispatched);
    }

    /**
     * The batches that have ended, in the order of their ends.
     *
     * @return a copy
     */
    public List<Finished> finished() {
        return List.copyOf(finished);
    }

    /**
     * The reasons why items were not accepted, one for each item, in the order of rejection.
     *
     * @return a copy
     */
    public List<RejectionReason> rejected() {
        return List.copyOf(rejected);
    }

    /** Removes all entries. */
    public void clear() {
        dispatched.clear();
        finished.clear();
        rejected.clear();
    }

    @Override
    public void onRejected(String batcher, RejectionReason reason) {
        rejected.add(reason);
    }

    @Override
    public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
        dispatched.add(new Dispatched(
                reason, Arrays.stream(queueNanos).mapToObj(Duration::ofNanos).toList()));
    }

    @Override
    public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
        finished.add(new Finished(outcome, size, Duration.ofNanos(durationNanos)));
    }
}
