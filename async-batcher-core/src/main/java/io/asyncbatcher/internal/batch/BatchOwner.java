package io.asyncbatcher.internal.batch;

import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.internal.thread.EndingOwner;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of batches, the engine, hears of them. Each method may be called from any thread; none runs user code. Where
 * batches are returned, they may go now: chained, for {@link #start}.
 */
public interface BatchOwner<T, R extends @Nullable Object> extends EndingOwner {

    /** A batch is about to be called: what is overdue ends first, however late the alarm is. */
    void expireOverdue();

    /** A batch has come for items that are not stored yet. */
    void late(Batch<T, R> batch);

    /** A call of the processor is about to begin, or has nothing left to be called with. */
    void calling(Batch<T, R> batch, boolean really);

    /** A batch keeps its slot and wants another call. */
    @Nullable
    Batch<T, R> again(Batch<T, R> batch);

    /** Items of a batch are being settled before its end: from now on it is looked whether that gets on. */
    void watch();

    /** A batch's last call has ended. */
    @Nullable
    Batch<T, R> returned(Batch<T, R> batch);

    /** No slot is reserved any more for the thread that settles a batch; all of it is settled, or not. */
    @Nullable
    Batch<T, R> release(Batch<T, R> batch, boolean settled);

    /** What listeners are to be told of a new batch; null if nobody listens. */
    @Nullable
    BatchReport report(DispatchReason reason);

    /** Hands chained batches to the executor. */
    void start(@Nullable Batch<T, R> batches);
}
