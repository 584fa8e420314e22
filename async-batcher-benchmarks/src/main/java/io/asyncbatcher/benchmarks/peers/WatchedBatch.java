package io.asyncbatcher.benchmarks.peers;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A batch function that counts what it was called with, above all the batches that are larger than allowed. */
public final class WatchedBatch<T, R> implements Function<List<T>, List<R>> {

    private final int maxBatchSize;
    private final Function<List<T>, List<R>> batch;
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong oversized = new AtomicLong();
    private final AtomicInteger largest = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    public WatchedBatch(int maxBatchSize, Function<List<T>, List<R>> batch) {
        this.maxBatchSize = maxBatchSize;
        this.batch = batch;
    }

    @Override
    public List<R> apply(List<T> list) {
        int size = list.size();
        batches.incrementAndGet();
        items.addAndGet(size);
        if (size > maxBatchSize) {
            oversized.incrementAndGet();
        }
        if (size > largest.get()) {
            largest.accumulateAndGet(size, Math::max);
        }
        int now = running.incrementAndGet();
        if (now > mostRunning.get()) {
            mostRunning.accumulateAndGet(now, Math::max);
        }
        try {
            return batch.apply(list);
        } finally {
            running.decrementAndGet();
        }
    }

    public double meanSize() {
        return batches.get() == 0 ? 0 : (double) items.get() / batches.get();
    }

    public long oversized() {
        return oversized.get();
    }

    public int largest() {
        return largest.get();
    }

    /** The most calls that ran at once. */
    public int mostRunning() {
        return mostRunning.get();
    }
}
