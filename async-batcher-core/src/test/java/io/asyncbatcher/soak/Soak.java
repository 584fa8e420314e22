package io.asyncbatcher.soak;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.RejectionReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Eight producers and one batcher, whose settings change all the time. */
final class Soak {

    static final int PRODUCERS = 8;

    private static final long MANY_ITEMS = 10_000_000;

    private final List<Parcels> parcels =
            IntStream.range(0, PRODUCERS).mapToObj(Parcels::new).toList();
    private final LongAdder runs = new LongAdder();
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
    private final SplittableRandom random = new SplittableRandom(2);
    private final AsyncBatcher<Long, Long> batcher;
    private final long items;
    private final List<Producer> producers;

    Soak(long items, UnaryOperator<AsyncBatcher.Builder<Long, Long>> settings) {
        batcher = settings.apply(AsyncBatcher.<Long, Long>builder(this::process).maxQueueTime(Duration.ofMillis(1)))
                .build();
        this.items = items / PRODUCERS * PRODUCERS;
        producers = parcels.stream()
                .map(its -> new Producer(batcher, its, items / PRODUCERS))
                .toList();
    }

    private List<Long> process(List<Long> batch) {
        List<Long> results = new ArrayList<>(batch.size());
        for (long item : batch) {
            if (!parcels.get(Parcels.producer(item)).note(item)) {
                broken.set("item " + item + " ran twice, or after it had failed as one that has not run");
            }
            results.add(Parcels.checksum(item));
        }
        runs.add(batch.size());
        return results;
    }

    /** Submits all items and checks how each has ended, and that their numbers add up. */
    void run(String name) throws Exception {
        long begin = System.nanoTime();
        int changes = produce();
        batcher.stop(false).get(60, SECONDS);
        double seconds = (System.nanoTime() - begin) / 1e9;

        long succeeded = sum(producer -> producer.succeeded);
        long cancelled = sum(producer -> producer.cancelled);
        long expired = sum(producer -> producer.expired);
        long rejected = sum(producer -> producer.rejected);
        long neverRun = sum(producer -> producer.neverRun);
        System.out.printf(
                "%s: %,d items in %.0f s, %,.0f a second, %d changes of settings:"
                        + " %,d succeeded, %,d cancelled, %,d expired, %,d rejected, %,d runs%n",
                name, items, seconds, items / seconds, changes, succeeded, cancelled, expired, rejected, runs.sum());
        assertThat(broken).hasValue(null);
        assertThat(succeeded + cancelled + expired + rejected).isEqualTo(items);
        assertThat(runs.sum()).isBetween(succeeded, items - neverRun);
        BatcherSnapshot end = batcher.snapshot();
        assertThat(end.queued()).isZero();
        assertThat(end.inFlight()).isZero();
        assertThat(end.activeBatches() + end.abandonedBatches()).isZero();
        assertThat(end.rejections()).containsEntry(RejectionReason.FULL, rejected);
    }

    private long sum(ToLongFunction<Producer> count) {
        return producers.stream().mapToLong(count).sum();
    }

    /** Runs the producers and changes the settings meanwhile, each second where that is often enough. */
    private int produce() throws Exception {
        long everyMillis = items < MANY_ITEMS ? 20 : 1_000;
        ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);
        try {
            CompletableFuture<?>[] ends = producers.stream()
                    .map(producer -> CompletableFuture.runAsync(() -> produce(producer), threads))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture<?> firstFailure = new CompletableFuture<>();
            for (CompletableFuture<?> end : ends) {
                end.exceptionally(failure -> {
                    firstFailure.completeExceptionally(failure);
                    return null;
                });
            }
            CompletableFuture<?> end = CompletableFuture.anyOf(firstFailure, CompletableFuture.allOf(ends));
            for (int changes = 0; ; changes++) {
                try {
                    end.get(everyMillis, MILLISECONDS);
                    return changes;
                } catch (TimeoutException goesOn) {
                    batcher.reconfigure(this::changed);
                } catch (ExecutionException failure) {
                    throw new AssertionError(batcher.options() + ", " + batcher.snapshot(), failure.getCause());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void produce(Producer producer) {
        try {
            producer.produce();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private BatcherOptions changed(BatcherOptions options) {
        return options.withMaxBatchSize(any(8, 50, 100, 256, 1_000))
                .withMaxQueueTime(Duration.ofNanos(any(0, 100_000, 500_000, 1_000_000)))
                .withConcurrency(any(1, 2, 4))
                .withMaxQueueSize(any(2_000, 5_000, 10_000, -1));
    }

    private int any(int... values) {
        return values[random.nextInt(values.length)];
    }
}
