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
 * Groups single items into batches and runs the user's {@link BatchProcessor} on them: {@link BatcherClient} plus what
 * the owner needs.
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
 * <p>Safe for use by many threads. A new batcher is started and owns no thread; its own threads come with work and end
 * within two seconds of the last. Every accepted item is settled exactly once. No method but {@link #close} waits.
 *
 * @param <T> the item
 * @param <R> its result
 */
public interface AsyncBatcher<T, R extends @Nullable Object> extends BatcherClient<T, R>, AutoCloseable {

    /**
     * Begins a batcher whose processor blocks until the batch is done.
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
     * Begins a batcher whose processor returns a stage.
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
     * The name, as in threads, metrics and messages.
     *
     * @return the name
     */
    String name();

    /**
     * The settings in force.
     *
     * @return the settings in force
     */
    BatcherOptions options();

    /**
     * Changes settings of the living batcher. What is queued is kept, and batches that are still forming are decided
     * anew; those in flight go on as they are. Concurrent changes take effect one after the other.
     *
     * @param change gets the settings in force and returns the new ones; may be called more than once
     * @throws IllegalArgumentException if a value is out of range, the name differs, or there is a limit of weight and no
     *     weigher; nothing is changed then
     * @throws NullPointerException if the function or what it returns is null; nothing is changed then
     */
    void reconfigure(UnaryOperator<BatcherOptions> change);

    /**
     * What the batcher is doing now. Costs a walk over the batches in flight.
     *
     * @return the numbers at one moment
     */
    BatcherSnapshot snapshot();

    /**
     * Adds an observer of what happens from now on.
     *
     * @param listener is told of every event until it is removed; adding it twice makes it hear twice
     */
    void addListener(BatcherListener listener);

    /**
     * Removes an observer. Events that are under way may still reach it.
     *
     * @param listener as it was added; one that isn't there is ignored
     */
    void removeListener(BatcherListener listener);

    /** Dispatches what is queued now without lingering, as slots are free. Does nothing while paused. */
    void flush();

    /** Goes on accepting, but dispatches no batch until {@link #resume}. */
    void pause();

    /** Ends a pause. */
    void resume();

    /**
     * Accepts items again after a stop. Does nothing while running, but that a stop is not {@linkplain #prepareStop
     * announced} any more. Processors that a forced stop left behind still hold
     * their slots.
     *
     * @throws IllegalStateException while a stop is under way
     */
    void start();

    /**
     * Whether items are accepted: from the beginning or {@link #start} until a stop is called.
     *
     * @return true until a stop is called
     */
    boolean isRunning();

    /**
     * Announces a stop that is about to come: executors of an application that ends may reject before the batcher is
     * stopped. A batch that the executor rejects runs on a thread of the batcher's own from now on, as it does during a stop.
     * Items are still accepted, and nothing else changes. Ended by {@link #start}.
     */
    default void prepareStop() {}

    /**
     * Whether the calling thread runs this batcher's processor, or a continuation on a batch's thread. To wait there for the
     * end of a stop would be to wait for oneself.
     *
     * @return true on a thread that runs code of this batcher
     */
    default boolean isInside() {
        return false;
    }

    /**
     * Rejects items from now on and ends what was accepted. A stop that is under way can be made a forced one; any
     * further call returns the same end.
     *
     * @param force false: no linger, no pause, every accepted item is processed and settled; a batch that the executor
     *     rejects runs on a thread of the batcher's own. True: queued items fail
     *     with {@link BatcherStoppedException}, those in flight with {@link BatchAbortedException}, running processors
     *     are interrupted, and none is waited for
     * @return completes when every accepted item is settled
     */
    CompletableFuture<Void> stop(boolean force);

    /**
     * Stops gracefully, and by force when the grace is over.
     *
     * @param grace how long accepted items may take; zero or less forces at once
     * @return completes when every accepted item is settled
     */
    CompletableFuture<Void> stop(Duration grace);

    /**
     * Stops gracefully and waits for the end. If the waiting thread is interrupted, the stop becomes a forced one and
     * the flag is restored. Called from this batcher's own processor or from a continuation on its thread, it stops but
     * doesn't wait.
     */
    @Override
    void close();

    /**
     * Collects the settings of a new batcher. Not safe for use by several threads at once. Each setter throws {@link
     * IllegalArgumentException} for a value out of range, naming option, value and range, and {@link NullPointerException}
     * for null.
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
         * Sets the longest linger while a slot is free; zero = never linger. With {@link DispatchMode#FIXED} it is counted
         * from an item's own submission, with {@link DispatchMode#ADAPTIVE} from when a slot became free, if that is later.
         * Default: 10 ms.
         *
         * @param maxQueueTime zero or longer
         * @return this builder
         */
        public Builder<T, R> maxQueueTime(Duration maxQueueTime) {
            options = options.withMaxQueueTime(maxQueueTime);
            return this;
        }

        /**
         * Sets the limit of batches in flight; -1 = no limit. {@link DispatchMode#ADAPTIVE} uses as many of these slots as
         * pay, the other modes use all. Default: 1.
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
         * Sets what happens to an item that finds the queue full. Default: {@link OverflowPolicy#REJECT}.
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
         * Sets the limit of a batch's weight: bytes, tokens. A heavier item is rejected at once with
         * {@link ItemTooHeavyException}; where the limit is lowered later, queued items that are heavier fail with it, too.
         * Default: none.
         *
         * @param maxBatchWeight -1 = no limit for now
         * @param weigher gives an item's weight, zero or more; called once an item, by the submitting thread. What it
         *     throws, or a negative weight, fails that item alone
         * @return this builder
         */
        public Builder<T, R> maxBatchWeight(long maxBatchWeight, ToLongFunction<? super T> weigher) {
            this.weigher = Objects.requireNonNull(weigher, "weigher");
            options = options.withMaxBatchWeight(maxBatchWeight);
            return this;
        }

        /**
         * Keeps items with different keys apart: they share no batch. Partitions take turns; slots and the queue's
         * room is shared, and an empty one costs nothing. Default: all items share batches.
         *
         * @param key gives an item's partition; called once an item, by the submitting thread. What it throws, or null,
         *     fails that item alone. Keys are told apart by their {@code equals} and {@code hashCode}; many with one hash
         *     code are found quickly if they are {@link Comparable}
         * @return this builder
         */
        public Builder<T, R> partitionBy(Function<? super T, ?> key) {
            this.partitioner = Objects.requireNonNull(key, "key");
            return this;
        }

        /**
         * Lets items with a higher priority go first. Within a level the order is that of submission; an item that waits
         * counts as one of a higher level in time, see {@link #priorityAgeing}. With {@link #partitionBy} the partitions take
         * turns as without priorities, and the order holds within each. Default: the order of submission.
         *
         * @param priority gives an item's level, 0 to 9; called once an item, by the submitting thread. What it throws, or
         *     another level, fails that item alone
         * @return this builder
         */
        public Builder<T, R> prioritizeBy(ToIntFunction<? super T> priority) {
            this.prioritizer = Objects.requireNonNull(priority, "priority");
            return this;
        }

        /**
         * Sets how long an item waits to count one level of priority higher, and again for each further such time up to level
         * 9, so that none waits forever behind others. No effect without {@link #prioritizeBy}. Default: 1 s.
         *
         * @param priorityAgeing longer than zero
         * @return this builder
         */
        public Builder<T, R> priorityAgeing(Duration priorityAgeing) {
            options = options.withPriorityAgeing(priorityAgeing);
            return this;
        }

        /**
         * Lets equal items of a batch reach the processor once; every caller gets the result. Default: off.
         *
         * @return this builder
         */
        public Builder<T, R> deduplicate() {
            options = options.withDeduplicate(true);
            return this;
        }

        /**
         * Sets the longest time from a batch's hand-over to the executor to its processor's return. When it is over, the
         * items fail with {@link BatchAbortedException} and the processor's thread is interrupted; its slot stays taken
         * until it really returns. Default: none.
         *
         * @param batchTimeout longer than zero
         * @return this builder
         */
        public Builder<T, R> batchTimeout(Duration batchTimeout) {
            options = options.withBatchTimeout(Objects.requireNonNull(batchTimeout, "batchTimeout"));
            return this;
        }

        /**
         * Sets the bound on the whole way of an item that is submitted without a timeout of its own, counted from its
         * submission: {@link #process(Object)}, and each item of {@link #processAll}. When it is over, the item fails
         * with {@link ItemExpiredException}; its batch-mates are not affected. Without it a processor that hangs holds
         * its callers forever. Default: none.
         *
         * @param itemTimeout longer than zero
         * @return this builder
         */
        public Builder<T, R> itemTimeout(Duration itemTimeout) {
            options = options.withItemTimeout(Objects.requireNonNull(itemTimeout, "itemTimeout"));
            return this;
        }

        /**
         * Sets whether load is shed: an item that can't be expected to be done within its timeout is rejected at once with
         * {@link ItemExpiredException}, and a queued one that can't any more fails with it when a batch is made of what is
         * queued, or when its room is needed. Without it, work that nobody waits for any more takes the processor's time
         * under overload. What is expected is learned from the calls; nothing is shed before the third has ended, while
         * paused, or when nothing is queued and a slot is free. Items without a timeout are never shed. Default: off.
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
         * Sets how long an item waits that ends in {@link Outcome#retry(Throwable)}, without a delay of its own: so long
         * after its first try, twice as long after each further one, up to {@link #maxRetryDelay}, all ± 20 %. The items of
         * one call wait for equally long, so that they share a batch again. Less than a millisecond counts as one. Default:
         * zero.
         *
         * @param retryDelay zero or longer
         * @return this builder
         */
        public Builder<T, R> retryDelay(Duration retryDelay) {
            options = options.withRetryDelay(retryDelay);
            return this;
        }

        /**
         * Sets the longest delay that follows from {@link #retryDelay}. Default: 1 min.
         *
         * @param maxRetryDelay zero or longer
         * @return this builder
         */
        public Builder<T, R> maxRetryDelay(Duration maxRetryDelay) {
            options = options.withMaxRetryDelay(maxRetryDelay);
            return this;
        }

        /**
         * Lets a batch that fails be halved and run again, in the same slot, until only the items at fault fail: at most
         * 2·⌈log₂ n⌉ more calls for each of them. Default: off.
         *
         * @param isolated which failures are some item's fault rather than everybody's; never asked about a
         *     {@link BatchResultException}
         * @return this builder
         */
        public Builder<T, R> isolateFailures(Predicate<? super Throwable> isolated) {
            this.isolated = Objects.requireNonNull(isolated, "isolated");
            return this;
        }

        /**
         * Limits the calls of the processor: at most so many in any sliding window of that length, repeated and halved
         * batches included. While it waits, batches grow. Default: none.
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
         * Sets all plain settings at once.
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
         * Sets where processors run, one task a batch. Default: daemon threads of the batchers' own, none while idle. An
         * executor that rejects a batch fails its items with {@link BatchAbortedException}, or has it run by a thread of
         * the batcher's own while the batcher stops; one that drops a batch silently keeps its slot.
         *
         * @param executor runs one task for each batch
         * @return this builder
         */
        public Builder<T, R> executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets where the callers' continuations run, one task an item. Default: the batch's thread, after its slot is
         * free; if it doesn't come back from a continuation for some milliseconds, another thread settles the rest. For
         * items that a {@linkplain BatchProcessor#streaming streaming} processor has reported, a thread of the batcher's own.
         *
         * <p>Where this executor rejects, the thread that it would have been without it settles the item. What it loses, because it drops tasks or is
         * shut down with tasks in it, is settled by the item's timeout or a forced stop, with the result that was there, on
         * a thread of the batcher's own. Give it more threads than continuations ever wait for each other at once: where
         * all of its threads wait for tasks behind them, only a timeout or a forced stop helps.
         *
         * @param completionExecutor runs one task for each item
         * @return this builder
         */
        public Builder<T, R> completionExecutor(Executor completionExecutor) {
            this.completionExecutor = Objects.requireNonNull(completionExecutor, "completionExecutor");
            return this;
        }

        /**
         * Sets a first observer. Default: none.
         *
         * @param listener is told of every event
         * @return this builder
         */
        public Builder<T, R> listener(BatcherListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Sets clock and alarms. Default: {@link TimeSource#system}.
         *
         * @param time gives the time and the alarms
         * @return this builder
         */
        public Builder<T, R> time(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Makes the batcher; it is started. The builder can be used again.
         *
         * @return a running batcher
         * @throws IllegalArgumentException if {@link #options(BatcherOptions)} brought a limit of weight, but there is no
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
