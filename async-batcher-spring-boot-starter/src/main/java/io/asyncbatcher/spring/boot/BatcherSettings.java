package io.asyncbatcher.spring.boot;

import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.OverflowPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One layer of settings: the properties of one batcher, its annotation's attributes, or the defaults of all. Longer than
 * other files because properties are bound by getters and setters, and described by their fields' comments.
 *
 * <p>Public for the sake of IDEs alone, which look below {@code batcher.instances.<name>} for the setters of a public class.
 * Applications have no use for it.
 */
public class BatcherSettings {

    /** The limit of items in a batch; -1 = no limit. */
    private @Nullable Integer maxBatchSize;

    /** The longest linger of any item while a slot is free; zero = never linger. Ignored where dispatch is natural. */
    private @Nullable Duration maxQueueTime;

    /** The limit of batches in flight; -1 = no limit. */
    private @Nullable Integer concurrency;

    /** The limit of queued items; -1 = no limit. */
    private @Nullable Integer maxQueueSize;

    /** What happens to an item that finds the queue full. */
    private @Nullable OverflowPolicy overflow;

    /** The longest wait for room in a full queue. Only where overflow is block. */
    private @Nullable Duration maxBlockTime;

    /** The limit of a batch's weight, in the unit of the weigher, which it needs; -1 = no limit. */
    private @Nullable Long maxBatchWeight;

    /** The bean name of the function that gives an item's weight. Only with a limit of a batch's weight. */
    private @Nullable String weigher;

    /** The bean name of the function that gives an item's key. Items with different keys share no batch. */
    private @Nullable String partitionBy;

    /**
     * The bean name of the function that gives an item's priority, 0 to 9. Items with a higher one go first; with keys, within
     * each key.
     */
    private @Nullable String prioritizeBy;

    /**
     * How long an item waits to count one level of priority higher, and again for each further such time. Only with
     * priorities.
     */
    private @Nullable Duration priorityAgeing;

    /** Whether equal items of a batch reach the method once, every caller getting the result. */
    private @Nullable Boolean deduplicate;

    /** The longest time from a batch's hand-over to the method's return; -1 = no limit. */
    private @Nullable Duration batchTimeout;

    /**
     * The bound on the whole way of an item that is submitted without a timeout of its own; -1 = no limit. Without it a
     * method that hangs holds its callers for ever.
     */
    private @Nullable Duration itemTimeout;

    /**
     * Whether an item that can't be expected to be done within its timeout is rejected at once, and a queued one that can't
     * any more makes room.
     */
    private @Nullable Boolean shedLoad;

    /** How often an item that ends in Outcome.retry is tried in all. */
    private @Nullable Integer maxAttempts;

    /**
     * The delay of an item that ends in Outcome.retry without a delay of its own; doubled with each attempt, plus or minus
     * a fifth.
     */
    private @Nullable Duration retryDelay;

    /** The longest delay that follows from retry-delay. */
    private @Nullable Duration maxRetryDelay;

    /**
     * The bean name of the predicate that tells failures that are some item's fault. A batch that fails so is halved
     * and run again.
     */
    private @Nullable String isolateFailures;

    /** The limit of calls in any sliding window of a length, as in 100/1s; -1 = no limit. */
    private @Nullable String rateLimit;

    /** Whether a batch that isn't full waits for more items while a slot is free. */
    private @Nullable DispatchMode dispatch;

    /** The bean name of the executor on which batches run. */
    private @Nullable String executor;

    /** The bean name of the executor on which callers' continuations run. */
    private @Nullable String completionExecutor;

    /** The bean name of the listener that is told of every event. */
    private @Nullable String listener;

    /** Whether batches are traced, where the application has a tracer. */
    private @Nullable Boolean tracing;

    /** Nothing is set. */
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
