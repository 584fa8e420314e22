package io.asyncbatcher.soak;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchMode;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.OverflowPolicy;
import io.asyncbatcher.RejectionReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A batcher with random settings that is stopped over and over, and what its processor and its listener see. */
final class Stopped implements BatcherListener {

    private static final List<DispatchMode> MODES = List.of(DispatchMode.values());
    private static final Duration NEVER_OVER = Duration.ofHours(1);

    final AsyncBatcher<Probe, Integer> batcher;
    private final int concurrency;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
    private final AtomicLong told = new AtomicLong();
    private final boolean listens;
    private final String settings;

    /**
     * Opens a batcher.
     *
     * @param pool where processors run, in some of the settings
     */
    Stopped(long seed, Executor pool) {
        SplittableRandom random = new SplittableRandom(seed);
        concurrency = 1 + random.nextInt(2);
        listens = random.nextInt(3) == 0;
        AsyncBatcher.Builder<Probe, Integer> builder = AsyncBatcher.<Probe, Integer>builder(this::process)
                .maxBatchSize(1 + random.nextInt(4))
                .maxQueueTime(Duration.ofNanos(List.of(0, 20_000, 1_000_000).get(random.nextInt(3))))
                .concurrency(concurrency)
                .dispatch(MODES.get(random.nextInt(MODES.size())));
        int executor = random.nextInt(5);
        if (executor < 2) {
            builder.executor(Runnable::run);
        } else if (executor == 2) {
            builder.executor(pool);
        } else if (random.nextInt(3) == 0) {
            builder.maxQueueSize(2).overflow(OverflowPolicy.BLOCK).maxBlockTime(NEVER_OVER);
        }
        boolean partitions = random.nextInt(3) == 0;
        if (partitions) {
            builder.partitionBy(probe -> probe.number & 1);
        }
        if (listens) {
            builder.listener(this);
        }
        batcher = builder.build();
        settings = builder.options() + ", executor " + executor + ", partitions " + partitions + ", listens " + listens;
    }

    private List<Integer> process(List<Probe> batch) {
        if (running.incrementAndGet() > concurrency) {
            broken.set("more batches at once than the batcher's concurrency");
        }
        try {
            List<Integer> results = new ArrayList<>(batch.size());
            for (Probe probe : batch) {
                if (!probe.run()) {
                    broken.set("an item ran twice, or after its future had said that it never ran");
                }
                results.add(probe.number);
            }
            int dice = ThreadLocalRandom.current().nextInt(1_024);
            Spin.times(dice < 128 ? dice : 0);
            return results;
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
        told.incrementAndGet();
    }

    @Override
    public void onRejected(String name, RejectionReason reason) {
        told.incrementAndGet();
    }

    /** What is wrong when so many items have been submitted and a stop has ended, or null. */
    @Nullable
    String broken(long submitted) {
        if (broken.get() != null) {
            return broken.get();
        }
        if (listens) {
            Spin.until(() -> told.get() >= submitted); // the thread that tells may be behind the one that settles
        }
        if (listens && told.get() != submitted) {
            return "the listener was told of " + told + " ends of " + submitted + " items";
        }
        var end = batcher.snapshot();
        return end.queued() == 0 && end.inFlight() == 0 && !end.running() ? null : "after a stop: " + end;
    }

    @Override
    public String toString() {
        return settings;
    }
}
