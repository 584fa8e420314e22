package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherSnapshot;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.RejectionReason;
import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.internal.thread.Now;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what happened, for snapshots. Small, because there is one a batcher. Used under the engine's lock. */
public final class Tally {

    private static final int RECENT = 32;
    private static final DispatchReason[] DISPATCHES = DispatchReason.values();
    private static final RejectionReason[] REJECTIONS = RejectionReason.values();

    private final long[] dispatches = new long[DISPATCHES.length];
    private long @Nullable [] rejections;
    private int[] recentSizes = new int[2]; // grows up to RECENT, and is a ring from then on
    private long batches;

    @SuppressWarnings("EnumOrdinal") // an index, not a meaning
    void dispatched(DispatchReason reason, int size) {
        dispatches[reason.ordinal()]++;
        if (batches == recentSizes.length && batches < RECENT) {
            recentSizes = Arrays.copyOf(recentSizes, 2 * recentSizes.length);
        }
        recentSizes[(int) (batches++ % recentSizes.length)] = size;
    }

    @SuppressWarnings("EnumOrdinal")
    public long rejected(RejectionReason reason) {
        if (rejections == null) {
            rejections = new long[REJECTIONS.length];
        }
        return ++rejections[reason.ordinal()];
    }

    private Map<DispatchReason, Long> dispatches() {
        Map<DispatchReason, Long> counts = new EnumMap<>(DispatchReason.class);
        for (int i = 0; i < DISPATCHES.length; i++) {
            counts.put(DISPATCHES[i], dispatches[i]);
        }
        return counts;
    }

    private Map<RejectionReason, Long> rejections() {
        Map<RejectionReason, Long> counts = new EnumMap<>(RejectionReason.class);
        for (int i = 0; i < REJECTIONS.length; i++) {
            counts.put(REJECTIONS[i], rejections == null ? 0 : rejections[i]);
        }
        return counts;
    }

    private List<Integer> recentSizes() {
        List<Integer> sizes = new ArrayList<>();
        for (long i = Math.max(0, batches - RECENT); i < batches; i++) {
            sizes.add(recentSizes[(int) (i % recentSizes.length)]);
        }
        return sizes;
    }

    /** What a batcher is doing, of which at most so many items may be queued. */
    BatcherSnapshot snapshot(Guarded<?, ?> state, long mostQueued) {
        Slots<?, ?> slots = state.slots();
        int items = 0;
        for (Batch<?, ?> batch : slots.unsettled()) {
            items += batch.state.unsettled();
        }
        return new BatcherSnapshot(
                (int) Math.min(state.backlog().roomTaken(mostQueued), Integer.MAX_VALUE),
                oldestQueuedAge(state),
                items,
                slots.busy() - slots.abandoned(),
                slots.abandoned(),
                dispatches(),
                rejections(),
                recentSizes(),
                state.lifecycle().isRunning(),
                state.lifecycle().isPaused());
    }

    private static @Nullable Duration oldestQueuedAge(Guarded<?, ?> state) {
        if (state.backlog().roomTaken() == 0) {
            return Duration.ZERO;
        }
        Now now = state.now();
        long oldest = state.backlog().oldestNanos(state.decision().lingers(), now.nanos());
        now.forget(); // reading is no change, so nobody else would
        return oldest >= Nanos.FOREVER ? null : Duration.ofNanos(oldest);
    }
}
