package io.asyncbatcher.benchmarks.peers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A processor that counts what it is called with, above all the batches that are larger than allowed. */
public final class CountingProcessor<T, R> implements Function<List<T>, List<R>> {

    private final int maxBatchSize;
    private final Function<List<T>, List<R>> processor;
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong oversized = new AtomicLong();
    private final AtomicInteger largest = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    public CountingProcessor(int maxBatchSize, Function<List<T>, List<R>> processor) {
        this.maxBatchSize = maxBatchSize;
        this.processor = processor;
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
            return processor.apply(list);
        } finally {
            running.decrementAndGet();
        }
    }

    /** The counts so far, by the name of their metric. */
    public Map<String, Double> counts() {
        Map<String, Double> counts = new TreeMap<>();
        counts.put("oversized", (double) oversized.get());
        counts.put("largest", (double) largest.get());
        counts.put("meanBatch", batches.get() == 0 ? 0 : (double) items.get() / batches.get());
        counts.put("mostRunning", (double) mostRunning.get());
        return counts;
    }
}
