package io.asyncbatcher;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The plain settings of a batcher: what {@link AsyncBatcher#reconfigure} may change, except for the name. Every value is
 * validated here, and nowhere else.
 *
 * @param name letters, digits, {@code -} and {@code _}, beginning with a letter; for threads, metrics and messages
 * @param maxBatchSize items in a batch; -1 = no limit
 * @param maxQueueTime longest linger of any item, counted from its own submission; zero = never linger
 * @param concurrency batches in flight at once; -1 = no limit
 * @param maxQueueSize queued items; -1 = no limit
 * @param overflow what happens to an item that finds the queue full
 * @param maxBlockTime longest wait for a place with {@link OverflowPolicy#BLOCK}; zero = don't wait
 */
public record BatcherOptions(
        String name,
        int maxBatchSize,
        Duration maxQueueTime,
        int concurrency,
        int maxQueueSize,
        OverflowPolicy overflow,
        Duration maxBlockTime) {

    /** What a limit is set to where there is none. */
    static final int NO_LIMIT = -1;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final BatcherOptions DEFAULTS = new BatcherOptions(
            "batcher", 100, Duration.ofMillis(10), 1, 10_000, OverflowPolicy.REJECT, Duration.ofSeconds(1));

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names option, value and range
     * @throws NullPointerException if a value is null
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
    }

    /** The defaults of every option. */
    public static BatcherOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another name. */
    public BatcherOptions withName(String name) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    /** A copy with another limit of items in a batch; -1 = no limit. */
    public BatcherOptions withMaxBatchSize(int maxBatchSize) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    /** A copy with another longest linger; zero = never linger. */
    public BatcherOptions withMaxQueueTime(Duration maxQueueTime) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    /** A copy with another limit of batches in flight; -1 = no limit. */
    public BatcherOptions withConcurrency(int concurrency) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    /** A copy with another limit of queued items; -1 = no limit. */
    public BatcherOptions withMaxQueueSize(int maxQueueSize) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    /** A copy with another policy for a full queue. */
    public BatcherOptions withOverflow(OverflowPolicy overflow) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    /** A copy with another longest wait for a place. */
    public BatcherOptions withMaxBlockTime(Duration maxBlockTime) {
        return new BatcherOptions(name, maxBatchSize, maxQueueTime, concurrency, maxQueueSize, overflow, maxBlockTime);
    }

    private static void requireLimit(String name, String option, int value) {
        if (value < 1 && value != NO_LIMIT) {
            throw new IllegalArgumentException(
                    option + " of batcher '" + name + "' must be at least 1, or -1 for no limit, but is " + value);
        }
    }

    private static void requireTime(String name, String option, Duration value) {
        Objects.requireNonNull(value, option);
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    option + " of batcher '" + name + "' must be zero or longer, but is " + value);
        }
    }
}
