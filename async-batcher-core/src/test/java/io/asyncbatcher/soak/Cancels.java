package io.asyncbatcher.soak;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.ListenerContext;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Items that are cancelled: queued ones and those in flight, each with and without a timeout, and queued ones with a
 * partition, a weight and a listener. In every queue there is also an item that stays.
 */
final class Cancels implements AutoCloseable {

    /** About as many items are looked at later, themselves or their futures. */
    static final int SAMPLES = 100_000;

    /** Seven threads may each still hold their last batch, and fewer samples remain than the test allows. */
    private static final int AT_ONCE = 64;

    private static final Duration NEVER_OVER = Duration.ofDays(1);

    private final AsyncBatcher<Long, Long> queueing = AsyncBatcher.<Long, Long>builder(batch -> batch)
            .maxQueueSize(2 * AT_ONCE)
            .build();
    private final AsyncBatcher<Long, Long> sorting = AsyncBatcher.<Long, Long>builder(batch -> batch)
            .maxQueueSize(2 * AT_ONCE)
            .partitionBy(item -> item % 1_009)
            .maxBatchWeight(1_000, item -> 1 + item % 3)
            .listener(new BatcherListener() {
                @Override
                public ListenerContext onSubmitted(String batcher) {
                    return () -> () -> {};
                }
            })
            .build();
    private final AsyncBatcher<Long, Long> running = AsyncBatcher.<Long, Long>builder(this::awaitRelease)
            .maxBatchSize(AT_ONCE)
            .concurrency(1)
            .build();

    private final List<CompletableFuture<Long>> futures = new ArrayList<>();
    private final List<WeakReference<Object>> samples = new ArrayList<>(SAMPLES);
    private final long sampleEvery;
    private long submitted;
    private volatile boolean isInFlight;
    private volatile boolean isReleased;

    /**
     * Opens the batchers.
     *
     * @param items how many will be cancelled in all
     */
    Cancels(long items) {
        sampleEvery = items / SAMPLES;
        for (AsyncBatcher<Long, Long> batcher : List.of(queueing, sorting)) {
            batcher.pause();
            batcher.process(-1L, NEVER_OVER);
            batcher.process(-2L);
        }
    }

    private List<Long> awaitRelease(List<Long> batch) {
        isInFlight = true;
        Spin.until(() -> isReleased);
        return batch;
    }

    /** Submits and cancels at least so many items. */
    void run(long items) {
        for (long end = submitted + items; submitted < end; ) {
            submitAndCancel(queueing, null);
            submitAndCancel(queueing, NEVER_OVER);
            submitAndCancel(sorting, null);
            submitAndCancel(sorting, NEVER_OVER);
            submitAndCancelInFlight(null);
            submitAndCancelInFlight(NEVER_OVER);
        }
    }

    private void submitAndCancel(AsyncBatcher<Long, Long> batcher, @Nullable Duration timeout) {
        submit(batcher, timeout);
        cancelAll();
    }

    private void submitAndCancelInFlight(@Nullable Duration timeout) {
        isInFlight = false;
        isReleased = false;
        submit(running, timeout);
        Spin.until(() -> isInFlight);
        cancelAll();
        isReleased = true;
        Spin.until(() -> running.snapshot().activeBatches() == 0);
    }

    private void submit(AsyncBatcher<Long, Long> batcher, @Nullable Duration timeout) {
        for (int i = 0; i < AT_ONCE; i++) {
            Long item = 1_000_000 + submitted++;
            CompletableFuture<Long> future = timeout == null ? batcher.process(item) : batcher.process(item, timeout);
            futures.add(future);
            if (submitted % sampleEvery == 0) {
                samples.add(new WeakReference<>(submitted / sampleEvery % 2 == 0 ? item : future));
            }
        }
    }

    private void cancelAll() {
        for (CompletableFuture<Long> future : futures) {
            if (!future.cancel(false)) {
                throw new AssertionError("An item ended otherwise: "
                        + future.handle((result, failure) -> failure).join());
            }
        }
        futures.clear();
    }

    long submitted() {
        return submitted;
    }

    /** How many of the sampled items and futures can still be reached. Call after a garbage collection. */
    int reachable() {
        samples.removeIf(sample -> sample.get() == null);
        return samples.size();
    }

    @Override
    public void close() {
        queueing.stop(true).join();
        sorting.stop(true).join();
        running.close();
    }
}
