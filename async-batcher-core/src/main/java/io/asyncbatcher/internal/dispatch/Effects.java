package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.settlement.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a change under the engine's lock leaves to be done outside it: batches to hand over, items to settle, a stop's end
 * to tell. It is there before the change, because memory may be short after it. First guarded by the engine's lock, then
 * confined to the thread that made the change.
 */
public final class Effects<T, R extends @Nullable Object> {

    /** How many batches are bound before they are handed over: items may come faster than they can be bound. */
    private static final int AT_ONCE = 64;

    private @Nullable Batch<T, R> firstBound;
    private @Nullable Batch<T, R> lastBound;
    private int boundCount;
    private List<Settlement<T, R>> asides = List.of();
    private @Nullable CompletableFuture<@Nullable Void> stopEnd;
    private @Nullable Throwable failure;

    /** Adds a batch that is to be handed over. */
    void start(Batch<T, R> batch) {
        if (lastBound == null) {
            firstBound = batch;
        } else {
            lastBound.next = batch;
        }
        lastBound = batch;
        boundCount++;
    }

    /** Whether no more batches are to be bound before these are handed over. */
    boolean isFull() {
        return boundCount == AT_ONCE;
    }

    /** Adds items that are to be settled without a batch. */
    void settle(Settlement<T, R> aside) {
        if (asides.isEmpty()) {
            asides = new ArrayList<>(2);
        }
        asides.add(aside);
    }

    /** A stop has come to its end. */
    void endStop(CompletableFuture<@Nullable Void> end) {
        stopEnd = end;
    }

    /** The change has failed; what it has done before follows all the same. */
    public void fail(Throwable thrown) {
        failure = thrown;
    }

    /** Takes the batches to be handed over, chained. */
    @Nullable
    public Batch<T, R> takeBatches() {
        if (lastBound != null) {
            lastBound.moreMayGo = isFull(); // these are handed over first
        }
        Batch<T, R> batches = firstBound;
        firstBound = null;
        lastBound = null;
        boundCount = 0;
        return batches;
    }

    /** Takes what is to be settled without a batch. */
    public List<Settlement<T, R>> takeAsides() {
        List<Settlement<T, R>> taken = asides;
        asides = List.of();
        return taken;
    }

    /** Takes the end of a stop, to be told; null if there is none. */
    @Nullable
    public CompletableFuture<@Nullable Void> takeStopEnd() {
        CompletableFuture<@Nullable Void> taken = stopEnd;
        stopEnd = null;
        return taken;
    }

    /** Takes what the change has failed with; null if it hasn't. */
    @Nullable
    public Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }
}
