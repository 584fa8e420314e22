package io.asyncbatcher.spring.boot.actuate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.spring.boot.lifecycle.Attachments;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of one batcher are doing and did, where a {@link BatcherSnapshot} has only numbers. It hears of every
 * batch twice and of no item, and keeps a little of the last ones: nothing of it holds an item or a message.
 *
 * <p>Safe for use by many threads.
 */
final class BatchRecord implements BatcherListener {

    private static final int RECENT_DURATIONS = 32;
    private static final int RECENT_FAILURES = 10;

    /** A batch whose processor hasn't returned, and hasn't been given up. */
    record Running(int size, Duration age) {}

    /**
     * A batch that didn't succeed.
     *
     * @param type the class of what its processor threw, or why it was aborted; null where it returned, but said of items
     *     that they failed
     */
    record Failure(
            Instant at,
            BatchOutcome outcome,
            int size,
            @Nullable String type) {}

    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /** In the order of their begin. */
    @GuardedBy("this")
    private final Set<Current> running = new LinkedHashSet<>();

    @GuardedBy("this")
    private final Map<BatchOutcome, Long> outcomes = new EnumMap<>(BatchOutcome.class);

    @GuardedBy("this")
    private final Map<Long, Long> sizes = new TreeMap<>();

    @GuardedBy("this")
    private final ArrayDeque<Duration> durations = new ArrayDeque<>();

    @GuardedBy("this")
    private final ArrayDeque<Failure> failures = new ArrayDeque<>();

    @GuardedBy("this")
    private @Nullable Long finishedNanos;

    /** Begins with nothing, on the system's clock. */
    BatchRecord() {
        this(InstantSource.system(), System::nanoTime);
    }

    /**
     * Begins with nothing.
     *
     * @param clock for what is shown as a time of day
     * @param nanoTime for ages
     */
    BatchRecord(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        for (BatchOutcome outcome : BatchOutcome.values()) {
            outcomes.put(outcome, 0L);
        }
    }

    /** The record of a batcher; an empty one if the batcher has just been removed. */
    static BatchRecord of(AsyncBatcher<?, ?> batcher, Attachments<BatchRecord> records) {
        return records.of(batcher).orElseGet(BatchRecord::new);
    }

    // ---- what is told ----

    @Override
    public synchronized BatchContext onBatch(
            String batcher, DispatchReason reason, int size, List<ListenerContext> callers) {
        Current current = new Current(size, nanoTime.getAsLong());
        running.add(current);
        return current;
    }

    private synchronized void finished(Current batch, BatchOutcome outcome, @Nullable Throwable failure) {
        running.remove(batch);
        long nowNanos = nanoTime.getAsLong();
        finishedNanos = nowNanos;
        outcomes.merge(outcome, 1L, Long::sum);
        sizes.merge(upToPowerOfTwo(batch.size), 1L, Long::sum);
        addRecent(durations, Duration.ofNanos(nowNanos - batch.begunNanos), RECENT_DURATIONS);
        if (outcome != BatchOutcome.SUCCESS) {
            String type = failure == null ? null : failure.getClass().getName();
            addRecent(failures, new Failure(clock.instant(), outcome, batch.size, type), RECENT_FAILURES);
        }
    }

    private static <E> void addRecent(ArrayDeque<E> recent, E last, int most) {
        if (recent.size() == most) {
            recent.remove();
        }
        recent.add(last);
    }

    private static long upToPowerOfTwo(int size) {
        return size <= 1 ? 1 : 2L * Integer.highestOneBit(size - 1);
    }

    /** One batch, from its begin to its end; makes nothing current on its threads. */
    private final class Current implements BatchContext {

        private final int size;
        private final long begunNanos;

        Current(int size, long begunNanos) {
            this.size = size;
            this.begunNanos = begunNanos;
        }

        @Override
        public Scope open() {
            return () -> {};
        }

        @Override
        public void onFinished(BatchOutcome outcome, @Nullable Throwable failure) {
            finished(this, outcome, failure);
        }
    }

    // ---- what is asked ----

    /** The batches that are running, oldest first. */
    synchronized List<Running> running() {
        long nowNanos = nanoTime.getAsLong();
        return running.stream()
                .map(batch -> new Running(batch.size, Duration.ofNanos(nowNanos - batch.begunNanos)))
                .toList();
    }

    /** When the last batch ended; null before the first. */
    synchronized @Nullable Instant lastFinished() {
        return finishedNanos == null ? null : clock.instant().minusNanos(nanoTime.getAsLong() - finishedNanos);
    }

    /** Batches by how they ended. */
    synchronized Map<BatchOutcome, Long> outcomes() {
        return new EnumMap<>(outcomes);
    }

    /** Batches by size: each power of two counts those above the one before it, itself included. */
    synchronized Map<Long, Long> sizes() {
        return new TreeMap<>(sizes);
    }

    /** How long the last batches took, oldest first. */
    synchronized List<Duration> recentDurations() {
        return copy(durations);
    }

    /** The last batches that didn't succeed, oldest first. */
    synchronized List<Failure> recentFailures() {
        return copy(failures);
    }

    private static <E> List<E> copy(Collection<E> recent) {
        return new ArrayList<>(recent);
    }
}
