package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

// Longer than other files, because each option has its component, its range and its copy here.

/**
 * The plain settings of a batcher. {@link AsyncBatcher#reconfigure} can change all of them except the name. Every value
 * is validated here.
 *
 * @param name a letter, then letters, digits, {@code -} and {@code _}; used for threads, metrics and messages
 * @param maxBatchSize items in a batch; -1 = no limit
 * @param maxQueueTime longest linger while a slot is free, counted from the submission of an item. With
 *     {@link DispatchMode#ADAPTIVE} the time before a slot is free for its batch does not count. Zero = never linger
 * @param concurrency batches in flight at once; -1 = no limit
 * @param maxQueueSize queued items; -1 = no limit
 * @param overflow what happens to an item if the queue is full
 * @param maxBlockTime longest wait for room with {@link OverflowPolicy#BLOCK}; zero = don't wait
 * @param maxBatchWeight weight of a batch, in the unit of the builder's weigher; -1 = no limit
 * @param deduplicate whether equal items of a batch are passed to the processor once
 * @param batchTimeout longest time from the hand-over of a batch to the return of its processor; null = no limit
 * @param itemTimeout longest time from submission to result of an item without a timeout of its own; null = no limit
 * @param shedLoad whether an item that is not expected to be done within its timeout is rejected, or removed from the
 *     queue
 * @param priorityAgeing time after which a waiting item counts one level of priority higher, if items have priorities
 * @param maxAttempts maximum number of attempts for an item that ends in {@link Outcome#retry(Throwable)}
 * @param retryDelay delay of an item that ends in {@link Outcome#retry(Throwable)}. It doubles with each attempt, all ±
 *     20 %. Less than a millisecond counts as one
 * @param maxRetryDelay longest of these delays, the first one included
 * @param rateLimit limit of the calls of the processor; null = no limit
 * @param dispatch how a batch that isn't full decides whether to wait for more items
 */
public record BatcherOptions(
        String name,
        int maxBatchSize,
        Duration maxQueueTime,
        int concurrency,
        int maxQueueSize,
        OverflowPolicy overflow,
        Duration maxBlockTime,
        long maxBatchWeight,
        boolean deduplicate,
        @Nullable Duration batchTimeout,
        @Nullable Duration itemTimeout,
        boolean shedLoad,
        Duration priorityAgeing,
        int maxAttempts,
        Duration retryDelay,
        Duration maxRetryDelay,
        @Nullable RateLimit rateLimit,
        DispatchMode dispatch) {

    /** The value of a limit that is not set. */
    private static final int NO_LIMIT = -1;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final BatcherOptions DEFAULTS = new BatcherOptions(
            "batcher",
            100,
            Duration.ofMillis(10),
            1,
            10_000,
            OverflowPolicy.REJECT,
            Duration.ofSeconds(1),
            NO_LIMIT,
            false,
            null,
            null,
            false,
            Duration.ofSeconds(1),
            3,
            Duration.ZERO,
            Duration.ofMinutes(1),
            null,
            DispatchMode.FIXED);

    /**
     * Validates.
     *
     * @param name a letter, then letters, digits, {@code -} and {@code _}
     * @param maxBatchSize at least 1, or -1 for no limit
     * @param maxQueueTime zero or longer
     * @param concurrency at least 1, or -1 for no limit
     * @param maxQueueSize at least 1, or -1 for no limit
     * @param overflow not null
     * @param maxBlockTime zero or longer
     * @param maxBatchWeight at least 1, or -1 for no limit
     * @param deduplicate true or false
     * @param batchTimeout longer than zero, or null
     * @param itemTimeout longer than zero, or null
     * @param shedLoad true or false
     * @param priorityAgeing longer than zero
     * @param maxAttempts at least 1; 1 means no retry
     * @param retryDelay zero or longer
     * @param maxRetryDelay zero or longer
     * @param rateLimit may be null
     * @param dispatch not null
     * @throws IllegalArgumentException if a value is out of range; the message names option, value and range
     * @throws NullPointerException if a value is null that may not be
     */
    public BatcherOptions {
        Objects.requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must begin with a letter and consist of letters, digits, '-' and"
                    + " '_', but is '" + name + "'");
        }
        requireLimit(name, "maxBatchSize", maxBatchSize);
        requireTime(name, "maxQueueTime", maxQueueTime);
        requireLimit(name, "concurrency", concurrency);
        requireLimit(name, "maxQueueSize", maxQueueSize);
        Objects.requireNonNull(overflow, "overflow");
        requireTime(name, "maxBlockTime", maxBlockTime);
        requireLimit(name, "maxBatchWeight", maxBatchWeight);
        requireTimeout(name, "batchTimeout", batchTimeout);
        requireTimeout(name, "itemTimeout", itemTimeout);
        requireTimeout(name, "priorityAgeing", Objects.requireNonNull(priorityAgeing, "priorityAgeing"));
        if (maxAttempts < 1) {
            throw rejected(name, "maxAttempts", "at least 1", maxAttempts);
        }
        requireTime(name, "retryDelay", retryDelay);
        requireTime(name, "maxRetryDelay", maxRetryDelay);
        Objects.requireNonNull(dispatch, "dispatch");
    }

    /**
     * The defaults of every option.
     *
     * @return settings with the name {@code batcher}
     */
    public static BatcherOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A copy with another name.
     *
     * @param name a letter, then letters, digits, {@code -} and {@code _}
     * @return the copy
     */
    public BatcherOptions withName(String name) {
        return with(draft -> draft.name = name);
    }

    /**
     * A copy with another limit of items in a batch; -1 = no limit.
     *
     * @param maxBatchSize at least 1, or -1 for no limit
     * @return the copy
     */
    public BatcherOptions withMaxBatchSize(int maxBatchSize) {
        return with(draft -> draft.maxBatchSize = maxBatchSize);
    }

    /**
     * A copy with another longest linger; zero = never linger.
     *
     * @param maxQueueTime zero or longer
     * @return the copy
     */
    public BatcherOptions withMaxQueueTime(Duration maxQueueTime) {
        return with(draft -> draft.maxQueueTime = maxQueueTime);
    }

    /**
     * A copy with another limit of batches in flight; -1 = no limit.
     *
     * @param concurrency at least 1, or -1 for no limit
     * @return the copy
     */
    public BatcherOptions withConcurrency(int concurrency) {
        return with(draft -> draft.concurrency = concurrency);
    }

    /**
     * A copy with another limit of queued items; -1 = no limit.
     *
     * @param maxQueueSize at least 1, or -1 for no limit
     * @return the copy
     */
    public BatcherOptions withMaxQueueSize(int maxQueueSize) {
        return with(draft -> draft.maxQueueSize = maxQueueSize);
    }

    /**
     * A copy with another policy for a full queue.
     *
     * @param overflow the policy for a full queue
     * @return the copy
     */
    public BatcherOptions withOverflow(OverflowPolicy overflow) {
        return with(draft -> draft.overflow = overflow);
    }

    /**
     * A copy with another longest wait for room.
     *
     * @param maxBlockTime zero or longer
     * @return the copy
     */
    public BatcherOptions withMaxBlockTime(Duration maxBlockTime) {
        return with(draft -> draft.maxBlockTime = maxBlockTime);
    }

    /**
     * A copy with another maximum weight of a batch; -1 = no limit. Requires a batcher that was built with a weigher.
     *
     * @param maxBatchWeight at least 1, or -1 for no limit
     * @return the copy
     */
    public BatcherOptions withMaxBatchWeight(long maxBatchWeight) {
        return with(draft -> draft.maxBatchWeight = maxBatchWeight);
    }

    /**
     * A copy that merges equal items of a batch, or does not merge them.
     *
     * @param deduplicate whether equal items of a batch are passed to the processor once
     * @return the copy
     */
    public BatcherOptions withDeduplicate(boolean deduplicate) {
        return with(draft -> draft.deduplicate = deduplicate);
    }

    /**
     * A copy with another longest time of a batch; null = no limit.
     *
     * @param batchTimeout longer than zero, or null for no limit
     * @return the copy
     */
    public BatcherOptions withBatchTimeout(@Nullable Duration batchTimeout) {
        return with(draft -> draft.batchTimeout = batchTimeout);
    }

    /**
     * A copy with another longest time from submission to result of an item without a timeout of its own; null = no
     * limit.
     *
     * @param itemTimeout longer than zero, or null for no limit
     * @return the copy
     */
    public BatcherOptions withItemTimeout(@Nullable Duration itemTimeout) {
        return with(draft -> draft.itemTimeout = itemTimeout);
    }

    /**
     * A copy that sheds items that are not expected to be done within their timeouts, or does not shed them.
     *
     * @param shedLoad whether load is shed
     * @return the copy
     */
    public BatcherOptions withShedLoad(boolean shedLoad) {
        return with(draft -> draft.shedLoad = shedLoad);
    }

    /**
     * A copy with another time after which an item counts one level of priority higher.
     *
     * @param priorityAgeing longer than zero
     * @return the copy
     */
    public BatcherOptions withPriorityAgeing(Duration priorityAgeing) {
        return with(draft -> draft.priorityAgeing = priorityAgeing);
    }

    /**
     * A copy with another maximum number of attempts.
     *
     * @param maxAttempts at least 1; 1 means no retry
     * @return the copy
     */
    public BatcherOptions withMaxAttempts(int maxAttempts) {
        return with(draft -> draft.maxAttempts = maxAttempts);
    }

    /**
     * A copy with another first delay of an item that is retried without a delay of its own.
     *
     * @param retryDelay zero or longer
     * @return the copy
     */
    public BatcherOptions withRetryDelay(Duration retryDelay) {
        return with(draft -> draft.retryDelay = retryDelay);
    }

    /**
     * A copy with another longest delay of such an item.
     *
     * @param maxRetryDelay zero or longer
     * @return the copy
     */
    public BatcherOptions withMaxRetryDelay(Duration maxRetryDelay) {
        return with(draft -> draft.maxRetryDelay = maxRetryDelay);
    }

    /**
     * A copy with another limit of the calls of the processor; null = no limit.
     *
     * @param rateLimit the limit, or null for none
     * @return the copy
     */
    public BatcherOptions withRateLimit(@Nullable RateLimit rateLimit) {
        return with(draft -> draft.rateLimit = rateLimit);
    }

    /**
     * A copy with another limit of the calls of the processor in any sliding window.
     *
     * @param batches calls of the processor in a window, at least 1
     * @param per the length of the window, longer than zero
     * @return the copy
     */
    public BatcherOptions withRateLimit(int batches, Duration per) {
        return withRateLimit(new RateLimit(batches, per));
    }

    /**
     * A copy with another dispatch mode.
     *
     * @param dispatch the mode
     * @return the copy
     */
    public BatcherOptions withDispatch(DispatchMode dispatch) {
        return with(draft -> draft.dispatch = dispatch);
    }

    private BatcherOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The same values while one of them is changed. */
    private static final class Draft {

        private String name;
        private int maxBatchSize;
        private Duration maxQueueTime;
        private int concurrency;
        private int maxQueueSize;
        private OverflowPolicy overflow;
        private Duration maxBlockTime;
        private long maxBatchWeight;
        private boolean deduplicate;
        private @Nullable Duration batchTimeout;
        private @Nullable Duration itemTimeout;
        private boolean shedLoad;
        private Duration priorityAgeing;
        private int maxAttempts;
        private Duration retryDelay;
        private Duration maxRetryDelay;
        private @Nullable RateLimit rateLimit;
        private DispatchMode dispatch;

        Draft(BatcherOptions options) {
            name = options.name;
            maxBatchSize = options.maxBatchSize;
            maxQueueTime = options.maxQueueTime;
            concurrency = options.concurrency;
            maxQueueSize = options.maxQueueSize;
            overflow = options.overflow;
            maxBlockTime = options.maxBlockTime;
            maxBatchWeight = options.maxBatchWeight;
            deduplicate = options.deduplicate;
            batchTimeout = options.batchTimeout;
            itemTimeout = options.itemTimeout;
            shedLoad = options.shedLoad;
            priorityAgeing = options.priorityAgeing;
            maxAttempts = options.maxAttempts;
            retryDelay = options.retryDelay;
            maxRetryDelay = options.maxRetryDelay;
            rateLimit = options.rateLimit;
            dispatch = options.dispatch;
        }

        BatcherOptions options() {
            return new BatcherOptions(
                    name,
                    maxBatchSize,
                    maxQueueTime,
                    concurrency,
                    maxQueueSize,
                    overflow,
                    maxBlockTime,
                    maxBatchWeight,
                    deduplicate,
                    batchTimeout,
                    itemTimeout,
                    shedLoad,
                    priorityAgeing,
                    maxAttempts,
                    retryDelay,
                    maxRetryDelay,
                    rateLimit,
                    dispatch);
        }
    }

    private static void requireLimit(String name, String option, long value) {
        if (value < 1 && value != NO_LIMIT) {
            throw rejected(name, option, "at least 1, or -1 for no limit", value);
        }
    }

    private static void requireTime(String name, String option, Duration value) {
        Objects.requireNonNull(value, option);
        if (value.isNegative()) {
            throw rejected(name, option, "zero or longer", value);
        }
    }

    private static void requireTimeout(String name, String option, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw rejected(name, option, "longer than zero", value);
        }
    }

    private static IllegalArgumentException rejected(String name, String option, String allowed, Object value) {
        return new IllegalArgumentException(
                option + " of batcher '" + name + "' must be " + allowed + ", but is " + value);
    }
}
