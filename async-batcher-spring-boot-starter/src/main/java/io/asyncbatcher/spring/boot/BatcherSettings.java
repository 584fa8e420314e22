package io.asyncbatcher.spring.boot;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One layer of settings: the properties of one batcher, the attributes of its annotation, or the properties of all
 * batchers. Longer than other files because properties are bound by getters and setters, and described by the comments
 * of their fields.
 *
 * <p>Public only for IDEs, which need the setters of a public class for properties below
 * {@code batcher.instances.<name>}. Applications do not use this class.
 */
public class BatcherSettings {

    /** Maximum number of items in a batch. -1 means no limit. */
    private @Nullable Integer maxBatchSize;

    /** Longest time for which items linger while a slot is free. 0 means no linger. Ignored if dispatch is natural. */
    private @Nullable Duration maxQueueTime;

    /** Maximum number of batches in flight. -1 means no limit. Adaptive dispatch learns how many of them pay. */
    private @Nullable Integer concurrency;

    /** Maximum number of queued items. -1 means no limit. */
    private @Nullable Integer maxQueueSize;

    /** What to do with an item if the queue is full. */
    private @Nullable OverflowPolicy overflow;

    /** Maximum time to wait for room in a full queue if overflow is block. */
    private @Nullable Duration maxBlockTime;

    /** Maximum weight of a batch, in the unit of the weigher. -1 means no limit. Requires a weigher. */
    private @Nullable Long maxBatchWeight;

    /** Bean name of the function that returns the weight of an item. Has no effect without max-batch-weight. */
    private @Nullable String weigher;

    /** Bean name of the function that returns the partition key of an item. A batch has items of one key only. */
    private @Nullable String partitionBy;

    /**
     * Bean name of the function that returns the priority of an item, 0 to 9. Items with a higher priority go
     * first, within a partition key if there is one.
     */
    private @Nullable String prioritizeBy;

    /**
     * Time after which a queued item counts one level of priority higher, and again after each further such time.
     * Has no effect without prioritize-by.
     */
    private @Nullable Duration priorityAgeing;

    /** Whether equal items of a batch are passed to the method once. Every caller gets the result. */
    private @Nullable Boolean deduplicate;

    /** Maximum time from the hand-over of a batch to the return of the method. -1 means no limit. */
    private @Nullable Duration batchTimeout;

    /**
     * Maximum time from the submission of an item to its result, unless the caller gives a timeout. -1 means no
     * limit: callers then wait as long as the method runs.
     */
    private @Nullable Duration itemTimeout;

    /**
     * Whether to reject items that are not expected to be done within their timeout, and to remove them from the
     * queue.
     */
    private @Nullable Boolean shedLoad;

    /** Maximum number of attempts for an item that ends in Outcome.retry. */
    private @Nullable Integer maxAttempts;

    /**
     * Delay before the next attempt of an item that ends in Outcome.retry without a delay. Doubled with each
     * attempt, plus or minus 20 percent.
     */
    private @Nullable Duration retryDelay;

    /** Maximum delay between two attempts that results from retry-delay. */
    private @Nullable Duration maxRetryDelay;

    /**
     * Bean name of the predicate that tells whether a failure is caused by single items. A batch with such a
     * failure is halved and run again.
     */
    private @Nullable String isolateFailures;

    /** Maximum number of calls in any sliding window of a length, for example 100/1s. -1 means no limit. */
    private @Nullable String rateLimit;

    /** How a batch that is not full decides whether to wait for more items while a slot is free. */
    private @Nullable DispatchMode dispatch;

    /** Bean name of the executor on which batches run. */
    private @Nullable String executor;

    /** Bean name of the executor on which callers' continuations run. */
    private @Nullable String completionExecutor;

    /** Bean name of the listener that gets all events. */
    private @Nullable String listener;

    /** Whether batches are traced if there is a tracer. */
    private @Nullable Boolean tracing;

    /** Creates settings without values. */
    public BatcherSettings() {}

    public @Nullable Integer getMaxBatchSize() {
        return maxBatchSize;
    }

    public void setMaxBatchSize(@Nullable Integer maxBatchSize) {
        this.maxBatchSize = maxBatchSize;
    }

    public @Nullable Duration getMaxQueueTime() {
        return maxQueueTime;
    }

    public void setMaxQueueTime(@Nullable Duration maxQueueTime) {
        this.maxQueueTime = maxQueueTime;
    }

    public @Nullable Integer getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(@Nullable Integer concurrency) {
        this.concurrency = concurrency;
    }

    public @Nullable Integer getMaxQueueSize() {
        return maxQueueSize;
    }

    public void setMaxQueueSize(@Nullable Integer maxQueueSize) {
        this.maxQueueSize = maxQueueSize;
    }

    public @Nullable OverflowPolicy getOverflow() {
        return overflow;
    }

    public void setOverflow(@Nullable OverflowPolicy overflow) {
        this.overflow = overflow;
    }

    public @Nullable Duration getMaxBlockTime() {
        return maxBlockTime;
    }

    public void setMaxBlockTime(@Nullable Duration maxBlockTime) {
        this.maxBlockTime = maxBlockTime;
    }

    public @Nullable Long getMaxBatchWeight() {
        return maxBatchWeight;
    }

    public void setMaxBatchWeight(@Nullable Long maxBatchWeight) {
        this.maxBatchWeight = maxBatchWeight;
    }

    public @Nullable String getWeigher() {
        return weigher;
    }

    public void setWeigher(@Nullable String weigher) {
        this.weigher = weigher;
    }

    public @Nullable String getPartitionBy() {
        return partitionBy;
    }

    public void setPartitionBy(@Nullable String partitionBy) {
        this.partitionBy = partitionBy;
    }

    public @Nullable String getPrioritizeBy() {
        return prioritizeBy;
    }

    public void setPrioritizeBy(@Nullable String prioritizeBy) {
        this.prioritizeBy = prioritizeBy;
    }

    public @Nullable Duration getPriorityAgeing() {
        return priorityAgeing;
    }

    public void setPriorityAgeing(@Nullable Duration priorityAgeing) {
        this.priorityAgeing = priorityAgeing;
    }

    public @Nullable Boolean getDeduplicate() {
        return deduplicate;
    }

    public void setDeduplicate(@Nullable Boolean deduplicate) {
        this.deduplicate = deduplicate;
    }

    public @Nullable Duration getBatchTimeout() {
        return batchTimeout;
    }

    public void setBatchTimeout(@Nullable Duration batchTimeout) {
        this.batchTimeout = batchTimeout;
    }

    public @Nullable Duration getItemTimeout() {
        return itemTimeout;
    }

    public void setItemTimeout(@Nullable Duration itemTimeout) {
        this.itemTimeout = itemTimeout;
    }

    public @Nullable Boolean getShedLoad() {
        return shedLoad;
    }

    public void setShedLoad(@Nullable Boolean shedLoad) {
        this.shedLoad = shedLoad;
    }

    public @Nullable Integer getMaxAttempts() {
        return maxAttempts;
    }

    public void setMaxAttempts(@Nullable Integer maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public @Nullable Duration getRetryDelay() {
        return retryDelay;
    }

    public void setRetryDelay(@Nullable Duration retryDelay) {
        this.retryDelay = retryDelay;
    }

    public @Nullable Duration getMaxRetryDelay() {
        return maxRetryDelay;
    }

    public void setMaxRetryDelay(@Nullable Duration maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    public @Nullable String getIsolateFailures() {
        return isolateFailures;
    }

    public void setIsolateFailures(@Nullable String isolateFailures) {
        this.isolateFailures = isolateFailures;
    }

    public @Nullable String getRateLimit() {
        return rateLimit;
    }

    public void setRateLimit(@Nullable String rateLimit) {
        this.rateLimit = rateLimit;
    }

    public @Nullable DispatchMode getDispatch() {
        return dispatch;
    }

    public void setDispatch(@Nullable DispatchMode dispatch) {
        this.dispatch = dispatch;
    }

    public @Nullable String getExecutor() {
        return executor;
    }

    public void setExecutor(@Nullable String executor) {
        this.executor = executor;
    }

    public @Nullable String getCompletionExecutor() {
        return completionExecutor;
    }

    public void setCompletionExecutor(@Nullable String completionExecutor) {
        this.completionExecutor = completionExecutor;
    }

    public @Nullable String getListener() {
        return listener;
    }

    public void setListener(@Nullable String listener) {
        this.listener = listener;
    }

    public @Nullable Boolean getTracing() {
        return tracing;
    }

    public void setTracing(@Nullable Boolean tracing) {
        this.tracing = tracing;
    }
}
