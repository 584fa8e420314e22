package io.asyncbatcher.spring.boot;

import io.asyncbatcher.OverflowPolicy;
import java.beans.PropertyDescriptor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;

/** One layer of settings: the properties of one batcher, its annotation's attributes, or the defaults of all. */
sealed class BatcherSettings permits BatcherProperties {

    /** The limit of items in a batch; -1 = no limit. */
    private @Nullable Integer maxBatchSize;

    /** The longest linger of any item while a slot is free; zero = never linger. */
    private @Nullable Duration maxQueueTime;

    /** The limit of batches in flight; -1 = no limit. */
    private @Nullable Integer concurrency;

    /** The limit of queued items; -1 = no limit. */
    private @Nullable Integer maxQueueSize;

    /** What happens to an item that finds the queue full. */
    private @Nullable OverflowPolicy overflow;

    /** The longest wait for a place where the overflow policy is to block. */
    private @Nullable Duration maxBlockTime;

    /** The bean name of the executor on which batches run. */
    private @Nullable String executor;

    /** The bean name of the executor on which callers' continuations run. */
    private @Nullable String completionExecutor;

    /** The option's name as a property: {@code maxBatchSize} becomes {@code max-batch-size}. */
    static String propertyName(String option) {
        return option.replaceAll("(\\p{Upper})", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The names of all properties of a layer. */
    static List<String> propertyNames() {
        return Arrays.stream(BeanUtils.getPropertyDescriptors(BatcherSettings.class))
                .filter(property -> property.getWriteMethod() != null)
                .map(PropertyDescriptor::getName)
                .map(BatcherSettings::propertyName)
                .toList();
    }

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
}
