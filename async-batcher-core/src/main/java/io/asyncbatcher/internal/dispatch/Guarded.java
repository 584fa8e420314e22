package io.asyncbatcher.internal.dispatch;

import io.asyncbatcher.BatcherOptions;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.queue.Backlog;
import io.asyncbatcher.internal.queue.Sorting;
import io.asyncbatcher.internal.queue.TicketQueue;
import io.asyncbatcher.internal.thread.Deadlines;
import io.asyncbatcher.internal.thread.Now;
import org.jspecify.annotations.Nullable;

/**
 * The state of a batcher that the engine's lock guards, and that its parts change together.
 *
 * @param now the time of the present change
 * @param lifecycle whether items are accepted and dispatched
 * @param backlog what is queued
 * @param slots what runs
 * @param decision which batch may go
 * @param partitions which partition is next
 * @param deadlines what waits until a moment at most
 * @param endings what is on its way to be settled
 * @param effects what has to follow outside the lock
 */
public record Guarded<T, R extends @Nullable Object>(
        Now now,
        Lifecycle lifecycle,
        Backlog<T, R> backlog,
        Slots<T, R> slots,
        Decision<T, R> decision,
        PartitionSchedule<T, R> partitions,
        Deadlines deadlines,
        Endings<T, R> endings,
        Effects<T, R> effects) {

    /** The state of a new batcher. */
    public static <T, R extends @Nullable Object> Guarded<T, R> of(
            EnginePorts<T, R> engine,
            Setup<T> setup,
            TicketQueue<T, R> queue,
            @Nullable Sorting<T, R> sorting,
            BatcherOptions options) {
        Now now = new Now(setup.time());
        Lifecycle lifecycle = new Lifecycle();
        Deadlines deadlines = new Deadlines();
        Effects<T, R> effects = new Effects<>();
        Backlog<T, R> backlog = new Backlog<>(queue, sorting, deadlines);
        Slots<T, R> slots = new Slots<>(now);
        Decision<T, R> decision = new Decision<>(backlog, slots, lifecycle, deadlines, now, options);
        PartitionSchedule<T, R> partitions = new PartitionSchedule<>(backlog, decision, now);
        Endings<T, R> endings = new Endings<>(engine, setup, slots, lifecycle, deadlines, now, effects);
        return new Guarded<>(now, lifecycle, backlog, slots, decision, partitions, deadlines, endings, effects);
    }
}
