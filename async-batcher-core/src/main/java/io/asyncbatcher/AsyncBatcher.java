package io.asyncbatcher;

import io.asyncbatcher.internal.call.Call;
import io.asyncbatcher.internal.engine.Blueprint;
import io.asyncbatcher.internal.engine.Engine;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// Longer than other files, because the builder belongs to the interface, and each of its setters has its contract here.

/**
 * Groups single items into batches and runs the user's {@link BatchProcessor} on them. It extends {@link BatcherClient}
 * with the methods for the owner of a batcher.
 *
 * <pre>{@code
 * AsyncBatcher<Long, Price> prices = AsyncBatcher.<Long, Price>builder(
 *                 BatchProcessor.matching(repository::findAllById, Price::id))
 *         .name("prices")
 *         .maxBatchSize(500)
 *         .build();
 * CompletableFuture<Price> price = prices.process(42L);
 * }</pre>
 *
 * <p>Thread-safe. A new batcher is started. An idle batcher has no thread: its threads are created when there is work,
 * and end within two seconds after the last work. Every accepted item is settled exactly once. Of the methods declared
 * here, only {@link #close} waits.
 *
 * @param <T> the item
 * @param <R> its result
 */
public interface AsyncBatcher<T, R extends @Nullable Object> extends BatcherClient<T, R>, AutoCloseable {

    /**
     * Returns a builder for a batcher whose processor blocks until the batch is done.
     *
     * @param <T> the item
     * @param <R> the result
     * @param processor is called with each batch
     * @return a builder with the default settings
     */
    static <T, R extends @Nullable Object> Builder<T, R> builder(BatchProcessor<T, R> processor) {
        return new Builder<>(Call.of(Objects.requireNonNull(processor, "processor")));
    }

    /**
     * Returns a builder for a batcher whose processor returns a stage.
     *
     * @param <T> the item
     * @param <R> the result
     * @param processor is called with each batch
     * @return a builder with the default settings
     */
    static <T, R extends @Nullable Object> Builder<T, R> asyncBuilder(AsyncBatchProcessor<T, R> processor) {
        return new Builder<>(Call.ofAsync(Objects.requireNonNull(processor, "processor")));
    }

    /**
     * The name. It is used for threads, metrics and messages.
     *
     * @return the name
     */
    String name();

    /**
     * The current settings.
     *
     * @return the current settings
     */
    BatcherOptions options();

    /**
     * Changes settings while the batcher runs. Queued items stay queued. Batches that are still forming follow the new
     * settings. Batches in flight are not affected. Concurrent changes take effect one after the other.
     *
     * @param change gets the current settings and returns the new ones; may be called more than once
     * @throws IllegalArgumentException if a value is out of range, the name differs, or a weight limit is set without a
     *     weigher; nothing is changed then
     * @throws NullPointerException if the function or its result is null; nothing is changed then
     */
    void reconfigure(UnaryOperator<BatcherOptions> change);

    /**
     * The current state of the batcher. The cost of this call grows with the number of batches in flight.
     *
     * @return the state at one moment
     */
    BatcherSnapshot snapshot();

    /**
     * Adds a listener for events from now on.
     *
     * @param listener gets every event until it is removed; if it is added twice, it gets each event twice
     */
    void addListener(BatcherListener listener);

    /**
     * Removes a listener. It may still get events that are being delivered.
     *
     * @param listener the listener that was added; an unknown one is ignored
     */
    void removeListener(BatcherListener listener);

    /** Dispatches the items that are queued now without lingering, as slots become free. Has no effect while paused. */
    void flush();

    /** Pauses the batcher: it accepts items, but dispatches no batch until {@link #resume}. */
    void pause();

    /** Ends a pause. */
    void resume();

    /**
     * Accepts items again after a stop. While the batcher is running, this only withdraws the announcement of a stop
     * ({@link #prepareStop}). Processors that are still running after a forced stop keep their slots.
     *
     * @throws IllegalStateException while a stop is under way
     */
    void start();

    /**
     * Whether items are accepted. This is the case for a new batcher, and after {@link #start}, until a stop is called.
     *
     * @return true until a stop is called
     */
    boolean isRunning();

    /**
     * Announces a stop. When an application ends, its executors may reject batches before the batcher is stopped. From
     * this call on, a batch that the executor rejects runs on a thread of the batcher, as during a stop. Items are
     * still accepted, and nothing else changes. {@link #start} withdraws the announcement.
     */
    default void prepareStop() {}

    /**
     * Whether the calling thread runs the processor of this batcher, or a continuation on the thread of a batch. Such a
     * thread must not wait for the end of a stop, because the stop waits for this thread.
     *
     * @return true on a thread that runs code of this batcher
     */
    default boolean isInside() {
        return false;
    }

    /**
     * Rejects items from now on and settles all accepted items. A later call can turn a graceful stop into a forced
     * one. Every further call returns the end of the same stop.
     *
     * @param force false for a graceful stop: batches no longer linger, a pause ends, and every accepted item is
     *     processed and settled. A batch that the executor rejects runs on a thread of the batcher. True for a forced
     *     stop: queued items fail with {@link BatcherStoppedException}, items in flight fail with
     *     {@link BatchAbortedException}, and running processors are interrupted, but not waited for
     * @return completes when every accepted item is settled
     */
    CompletableFuture<Void> stop(boolean force);

    /**
     * Stops gracefully, and by force at the end of the grace period.
     *
     * @param grace the grace period; zero or less forces the stop immediately
     * @return completes when every accepted item is settled
     */
    CompletableFuture<Void> stop(Duration grace);

    /**
     * Stops gracefully and waits for the end. If the waiting thread is interrupted, the stop becomes a forced one and
     * the interrupt flag is restored. If the processor of this batcher or a continuation on its thread calls this
     * method, it begins the stop, but does not wait.
     */
    @Override
    void close();

    /**
     * Builder of a batcher. Not thread-safe. Each setter throws {@link IllegalArgumentException} for a value out of
     * range, with option, value and range in its message, and {@link NullPointerException} for null.
     *
     * @param <T> the item
     * @param <R> its result
     */
    final class Builder<T, R extends @Nullable Object> {

        private final Call<T> call;
        private BatcherOptions options = BatcherOptions.defaults();

        private @Nullable Executor executor;

        private @Nullable Executor completionExecutor;

        private @Nullable BatcherListener listener;

        private @Nullable ToLongFunction<? super T> weigher;

        private @Nullable Function<? super T, ?> partitioner;

        private @Nullable ToIntFunction<? super T> prioritizer;

        private @Nullable Predicate<? super Throwable> isolated;

        private TimeSource time = TimeSource.system();

        private Builder(Call<T> call) {
            this.call = call;
        }

        /**
         * Sets the name: a letter, then letters, digits, {@code -} and {@code _}. Default: {@code batcher}.
         *
         * @param name a letter, then letters, digits, {@code -} and {@code _}
         * @return this builder
         */
        public Builder<T, R> name(String name) {
            options = options.withName(name);
            return this;
        }

        /**
         * Sets the limit of items in a batch; -1 = no limit. Default: 100.
         *
         * @param maxBatchSize at least 1, or -1 for no limit
         * @return this builder
         */
        public Builder<T, R> maxBatchSize(int maxBatchSize) {
            options = options.withMaxBatchSize(maxBatchSize);
            return this;
        }

        /**
         * Sets the longest linger while a slot is free; zero = never linger. With {@link DispatchMode#FIXED} it counts
         * from the submission of an item. With {@link DispatchMode#ADAPTIVE} it counts from the time at which a slot
         * was free for its batch, if that is later. Default: 10 ms.
         *
         * @param maxQueueTime zero or longer
         * @return this builder
         */
        public Builder<T, R> maxQueueTime(Duration maxQueueTime) {
            options = options.withMaxQueueTime(maxQueueTime);
            return this;
        }

        /**
         * Sets the limit of batches in flight; -1 = no limit. {@link DispatchMode#ADAPTIVE} learns how many of these
         * slots to use. The other modes use all of them. Default: 1.
         *
         * @param concurrency at least 1, or -1 for no limit
         * @return this builder
         */
        public Builder<T, R> concurrency(int concurrency) {
            options = options.withConcurrency(concurrency);
            return this;
        }

        /**
         * Sets the limit of queued items; -1 = no limit. Default: 10,000.
         *
         * @param maxQueueSize at least 1, or -1 for no limit
         * @return this builder
         */
        public Builder<T, R> maxQueueSize(int maxQueueSize) {
            options = options.withMaxQueueSize(maxQueueSize);
            return this;
        }

        /**
         * Sets what happens to an item if the queue is full. Default: {@link OverflowPolicy#REJECT}.
         *
         * @param overflow the policy for a full queue
         * @return this builder
         */
        public Builder<T, R> overflow(OverflowPolicy overflow) {
            options = options.withOverflow(overflow);
            return this;
        }

        /**
         * Sets the longest wait for room with {@link OverflowPolicy#BLOCK}. Default: 1 s.
         *
         * @param maxBlockTime zero or longer
         * @return this builder
         */
        public Builder<T, R> maxBlockTime(Duration maxBlockTime) {
            options = options.withMaxBlockTime(maxBlockTime);
            return this;
        }

        /**
         * Sets the maximum weight of a batch, for example in bytes or tokens. A heavier item is rejected with
         * {@link ItemTooHeavyException}. If the limit is lowered later, queued items that are heavier fail with the
         * same exception. Default: none.
         *
         * @param maxBatchWeight -1 = no limit for now
         * @param weigher returns the weight of an item, zero or more. It is called once for each item, by the
         *     submitting thread. An exception or a negative weight fails that item only
         * @return this builder
         */
        public Builder<T, R> maxBatchWeight(long maxBatchWeight, ToLongFunction<? super T> weigher) {
            this.weigher = Objects.requireNonNull(weigher, "weigher");
            options = options.withMaxBatchWeight(maxBatchWeight);
            return this;
        }

        /**
         * Sets the partition key. Items with different keys share no batch. Partitions are served round-robin. They
         * share the slots and the room in the queue. A partition is removed with its last item. Default: all items
         * share batches.
         *
         * @param key returns the partition key of an item. It is called once for each item, by the submitting thread.
         *     An exception or null fails that item only. Keys are compared by {@code equals} and {@code hashCode}. Many
         *     keys with the same hash code are found quickly if they are {@link Comparable}
         * @return this builder
         */
        public Builder<T, R> partitionBy(Function<? super T, ?> key) {
            this.partitioner = Objects.requireNonNull(key, "key");
            return this;
        }

        /**
         * Sets the priority of items. Items with a higher priority are dispatched first. Within a level, the order is
         * that of submission. A waiting item counts one level higher after each {@link #priorityAgeing}. With
         * {@link #partitionBy}, partitions are served round-robin regardless of priorities, and priorities apply within
         * each partition. Default: the order of submission.
         *
         * @param priority returns the level of an item, 0 to 9. It is called once for each item, by the submitting
         *     thread. An exception or another level fails that item only
         * @return this builder
         */
        public Builder<T, R> prioritizeBy(ToIntFunction<? super T> priority) {
            this.prioritizer = Objects.requireNonNull(priority, "priority");
            return this;
        }

        /**
         * Sets the time after which a waiting item counts one level of priority higher, and again after each further
         * such time, up to level 9. So no item waits forever behind others. Has no effect without
         * {@link #prioritizeBy}. Default: 1 s.
         *
         * @param priorityAgeing longer than zero
         * @return this builder
         */
        public Builder<T, R> priorityAgeing(Duration priorityAgeing) {
            options = options.withPriorityAgeing(priorityAgeing);
            return this;
        }

        /**
         * Passes equal items of a batch to the processor once. Every caller gets the result. Default: off.
         *
         * @return this builder
         */
        public Builder<T, R> deduplicate() {
            options = options.withDeduplicate(true);
            return this;
        }

        /**
         * Sets the longest time from the hand-over of a batch to the executor to the return of its processor. Then the
         * items fail with {@link BatchAbortedException} and the thread of the processor is interrupted. The batch keeps
         * its slot until the processor returns. Default: none.
         *
         * @param batchTimeout longer than zero
         * @return this builder
         */
        public Builder<T, R> batchTimeout(Duration batchTimeout) {
            options = options.withBatchTimeout(Objects.requireNonNull(batchTimeout, "batchTimeout"));
            return this;
        }

        /**
         * Sets the longest time from submission to result of an item that is submitted without a timeout of its own: by
         * {@link #process(Object)}, or as an item of {@link #processAll}. Then the item fails with
         * {@link ItemExpiredException}. The other items of its batch are not affected. Without this timeout, a
         * processor that hangs makes its callers wait forever. Default: none.
         *
         * @param itemTimeout longer than zero
         * @return this builder
         */
        public Builder<T, R> itemTimeout(Duration itemTimeout) {
            options = options.withItemTimeout(Objects.requireNonNull(itemTimeout, "itemTimeout"));
            return this;
        }

        /**
         * Sets whether load is shed. Then an item that is not expected to be done within its timeout is rejected with
         * {@link ItemExpiredException}. A queued item that can no longer be done in time fails with the same exception,
         * when a batch is made or when its room is needed. Under overload, this keeps the processor from working on
         * items for which no caller waits. The expected time is learned from the calls. Nothing is shed before three
         * calls have ended, while the batcher is paused, or if nothing is queued and a slot is free. Items without a
         * timeout are never shed. Default: off.
         *
         * @param shedLoad whether load is shed
         * @return this builder
         */
        public Builder<T, R> shedLoad(boolean shedLoad) {
            options = options.withShedLoad(shedLoad);
            return this;
        }

        /**
         * Sets the maximum number of attempts for an item that ends in {@link Outcome#retry(Throwable)}. Default: 3.
         *
         * @param maxAttempts at least 1; 1 means no retry
         * @return this builder
         */
        public Builder<T, R> maxAttempts(int maxAttempts) {
            options = options.withMaxAttempts(maxAttempts);
            return this;
        }

        /**
         * Sets the delay before the next attempt of an item that ends in {@link Outcome#retry(Throwable)} without a
         * delay of its own. It doubles with each attempt, up to {@link #maxRetryDelay}, all ± 20 %. The items of one
         * call wait equally long, so they share a batch again. A delay of less than a millisecond counts as one
         * millisecond. Default: zero.
         *
         * @param retryDelay zero or longer
         * @return this builder
         */
        public Builder<T, R> retryDelay(Duration retryDelay) {
            options = options.withRetryDelay(retryDelay);
            return this;
        }

        /**
         * Sets the longest delay that results from {@link #retryDelay}. Default: 1 min.
         *
         * @param maxRetryDelay zero or longer
         * @return this builder
         */
        public Builder<T, R> maxRetryDelay(Duration maxRetryDelay) {
            options = options.withMaxRetryDelay(maxRetryDelay);
            return this;
        }

        /**
         * Halves a failed batch and runs the halves again, in the same slot, until only the items at fault fail. This
         * takes at most 2·⌈log₂ n⌉ further calls for each of these items. Default: off.
         *
         * @param isolated returns whether a failure is caused by single items rather than by the whole call. It is
         *     never called with a {@link BatchResultException}
         * @return this builder
         */
        public Builder<T, R> isolateFailures(Predicate<? super Throwable> isolated) {
            this.isolated = Objects.requireNonNull(isolated, "isolated");
            return this;
        }

        /**
         * Limits the number of calls of the processor in any sliding window of the given length. Retried and halved
         * batches count too. While a batch waits for the limit, it grows. Default: none.
         *
         * @param batches calls of the processor in a window, at least 1
         * @param per the length of the window, longer than zero
         * @return this builder
         */
        public Builder<T, R> rateLimit(int batches, Duration per) {
            options = options.withRateLimit(batches, per);
            return this;
        }

        /**
         * Sets whether a batch that isn't full waits for more items. Default: {@link DispatchMode#FIXED}.
         *
         * @param dispatch the mode
         * @return this builder
         */
        public Builder<T, R> dispatch(DispatchMode dispatch) {
            options = options.withDispatch(dispatch);
            return this;
        }

        /**
         * Sets all plain settings.
         *
         * @param options all plain settings, the name included
         * @return this builder
         */
        public Builder<T, R> options(BatcherOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * The plain settings so far.
         *
         * @return the settings that {@link #build} would use
         */
        public BatcherOptions options() {
            return options;
        }

        /**
         * Sets where processors run, with one task for each batch. Default: daemon threads of the batcher, none while
         * idle. If the executor rejects a batch, its items fail with {@link BatchAbortedException}. During a stop, the
         * batch runs on a thread of the batcher instead. If the executor drops a batch silently, the batch keeps its
         * slot.
         *
         * @param executor runs one task for each batch
         * @return this builder
         */
        public Builder<T, R> executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets where the continuations of callers run, with one task for each item. Default: the thread of the batch,
         * after its slot is free. If a continuation blocks this thread for some milliseconds, another thread settles
         * the other items. For items that a {@linkplain BatchProcessor#streaming streaming} processor has reported, the
         * default is a thread of the batcher.
         *
         * <p>If this executor rejects a task, the default thread settles the item. If it loses a task, because it drops
         * tasks or is shut down with tasks in its queue, the timeout of the item or a forced stop settles the item,
         * with the result that it had, on a thread of the batcher. The executor needs more threads than there are
         * continuations that wait for each other at the same time. If all its threads wait for tasks in its queue, only
         * a timeout or a forced stop settles these items.
         *
         * @param completionExecutor runs one task for each item
         * @return this builder
         */
        public Builder<T, R> completionExecutor(Executor completionExecutor) {
            this.completionExecutor = Objects.requireNonNull(completionExecutor, "completionExecutor");
            return this;
        }

        /**
         * Sets a listener. Default: none.
         *
         * @param listener gets every event
         * @return this builder
         */
        public Builder<T, R> listener(BatcherListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Sets clock and alarms. Default: {@link TimeSource#system}.
         *
         * @param time provides the time and the alarms
         * @return this builder
         */
        public Builder<T, R> time(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Builds and starts the batcher. The builder can be reused.
         *
         * @return a running batcher
         * @throws IllegalArgumentException if {@link #options(BatcherOptions)} set a weight limit, but there is no
         *     weigher
         */
        public AsyncBatcher<T, R> build() {
            return new Engine<>(new Blueprint<>(
                    options,
                    call,
                    executor,
                    completionExecutor,
                    listener,
                    weigher,
                    partitioner,
                    prioritizer,
                    isolated,
                    time));
        }
    }
}
