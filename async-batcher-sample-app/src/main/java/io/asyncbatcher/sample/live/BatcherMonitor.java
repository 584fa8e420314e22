package io.asyncbatcher.sample.live;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One batcher, and what it did in the last second. */
final class BatcherMonitor implements BatcherListener {

    private final AsyncBatcher<?, ?> batcher;
    private final Frame.Options configured;
    private final LastSecond<Dispatched> lastSecond;
    private Dispatched current = new Dispatched();

    BatcherMonitor(AsyncBatcher<?, ?> batcher, long nowNanos) {
        this.batcher = batcher;
        this.configured = Frame.Options.of(batcher.options());
        this.lastSecond = new LastSecond<>(nowNanos);
        batcher.addListener(this);
    }

    String name() {
        return batcher.name();
    }

    @Override
    public synchronized void onDispatched(String name, DispatchReason reason, long[] queueNanos) {
        current.add(reason, queueNanos.length);
    }

    /** Ends a quarter of a second. */
    synchronized void tick(long nowNanos) {
        BatcherSnapshot snapshot = batcher.snapshot();
        current.sample(snapshot.queued(), snapshot.inFlight());
        lastSecond.add(current, nowNanos);
        current = new Dispatched();
    }

    Frame.Batcher figures() {
        BatcherSnapshot snapshot = batcher.snapshot();
        return new Frame.Batcher(
                Frame.Options.of(batcher.options()),
                configured,
                snapshot.queued(),
                snapshot.inFlight(),
                snapshot.activeBatches(),
                snapshot.rejections().values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                snapshot.running(),
                snapshot.paused(),
                batches(),
                Frame.Remote.of(batcher));
    }

    private synchronized Frame.Batches batches() {
        Dispatched second = new Dispatched();
        lastSecond.figures().forEach(second::add);
        return second.figures();
    }

    /** Batches, counted, and items, seen at the end of each quarter. */
    private static final class Dispatched {

        private final Map<DispatchReason, Long> reasons = new EnumMap<>(DispatchReason.class);
        private long items;
        private int smallest = Integer.MAX_VALUE;
        private int largest;
        private long queued;
        private long inFlight;
        private int samples;

        void add(DispatchReason reason, int size) {
            reasons.merge(reason, 1L, Long::sum);
            items += size;
            smallest = Math.min(smallest, size);
            largest = Math.max(largest, size);
        }

        void sample(int nowQueued, int nowInFlight) {
            queued += nowQueued;
            inFlight += nowInFlight;
            samples++;
        }

        void add(Dispatched other) {
            other.reasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
            items += other.items;
            smallest = Math.min(smallest, other.smallest);
            largest = Math.max(largest, other.largest);
            queued += other.queued;
            inFlight += other.inFlight;
            samples += other.samples;
        }

        Frame.Batches figures() {
            Map<String, Long> byName = new LinkedHashMap<>();
            long count = 0;
            for (DispatchReason reason : DispatchReason.values()) {
                long batches = reasons.getOrDefault(reason, 0L);
                byName.put(reason.name().toLowerCase(Locale.ROOT), batches);
                count += batches;
            }
            double quarters = Math.max(1, samples);
            return new Frame.Batches(
                    count, items, count == 0 ? 0 : smallest, largest, byName, queued / quarters, inFlight / quarters);
        }
    }
}
