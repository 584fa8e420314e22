package io.asyncbatcher;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Settles items on the thread where their callers' continuations may run, and says when all are settled. With a
 * {@code completionExecutor} each item is a task of its own there.
 */
final class Settlement<T, R extends @Nullable Object> {

    private static final int MAX_THREADS = 64;

    private final Engine<T, R> engine;
    private final Item<T, R>[] items;
    private final @Nullable Object[] ends;
    private final int count;
    private final @Nullable Batch<T, R> batch;
    private Runnable first = () -> {};

    /**
     * Items to be settled.
     *
     * @param items the first {@code count} elements count
     * @param ends for each of them its result, or {@link Failed}
     * @param batch told once all are settled; null if they are settled without one
     */
    Settlement(
            Engine<T, R> engine, Item<T, R>[] items, @Nullable Object[] ends, int count, @Nullable Batch<T, R> batch) {
        this.engine = engine;
        this.items = items;
        this.ends = ends;
        this.count = count;
        this.batch = batch;
    }

    /** Has something done before the first item is settled aside. */
    Settlement<T, R> first(Runnable first) {
        this.first = first;
        return this;
    }

    /** Settles a batch's items at its end, on this thread where the user names no other: true if that has happened. */
    boolean atBatchEnd(Frame frame) {
        Executor completionExecutor = engine.completionExecutor();
        if (completionExecutor != null) {
            byTask(completionExecutor);
            return false;
        }
        if (endWithoutContinuation() < count) {
            if (frame.hasDeferred()) {
                apart(); // a batch that only this thread can run waits for it to come back
                return false;
            }
            end(0, count);
        }
        return true;
    }

    /** Settles the items that nothing hangs on; the others, if there are any, are the batch's from here on. */
    @Nullable
    Settlement<T, R> settleUnawaited() {
        if (endWithoutContinuation() == count) {
            return null;
        }
        Settlement<T, R> rest = rest();
        if (batch != null) {
            batch.keepOnly(rest.items, rest.ends, rest.count);
        }
        return rest;
    }

    /** Settles what was held back for a while. */
    void atLast(Frame frame) {
        Frame.forgetInterrupt(); // another batch's
        if (frame.hasDeferred()) {
            byThreads(); // a batch that only this thread can run waits for it to come back
        } else {
            end(0, count);
            done();
        }
    }

    /** Settles what the thread that holds it back doesn't come to. */
    void elsewhere() {
        engine.beWary();
        if (batch != null) {
            batch.leaveToOthers();
        }
        byThreads();
    }

    private void done() {
        if (batch == null) {
            engine.asideDone();
        } else {
            batch.settled();
        }
    }

    /** Settles items that end without a batch: never on this thread. */
    void aside() {
        engine.offload(() -> {
            try (Frame frame = Frame.open(engine)) {
                first.run();
                Executor completionExecutor = engine.completionExecutor();
                if (completionExecutor != null) {
                    byTask(completionExecutor);
                } else {
                    endWithoutContinuation();
                    apart();
                }
                frame.runDeferred();
            }
        });
    }

    /** Settles the items that nothing hangs on, and returns how many are settled now. */
    private int endWithoutContinuation() {
        int settled = 0;
        long nowNanos = engine.nanosIfListenedTo(); // one reading for all: nothing comes between
        for (int i = 0; i < count; i++) {
            if (items[i].getNumberOfDependents() == 0) {
                items[i].end(ends[i], nowNanos);
                settled++;
            }
        }
        return settled;
    }

    /** Settles items from one to before another; those that are settled don't mind. */
    private void end(int from, int to) {
        for (int i = from; i < to; i++) {
            items[i].end(ends[i], engine.nanosIfListenedTo());
        }
    }

    /** Settles the rest on threads of our own, so that a continuation that blocks holds up few others or none. */
    private void apart() {
        rest().byThreads();
    }

    /** What is not settled yet, copied: the arrays are lent, and a forced stop may be reading them. */
    private Settlement<T, R> rest() {
        Item<T, R>[] rest = Arrays.copyOf(items, count);
        @Nullable Object[] restEnds = Arrays.copyOf(ends, count);
        int size = 0;
        for (int i = 0; i < count; i++) {
            if (!items[i].isDone()) {
                rest[size] = items[i];
                restEnds[size++] = ends[i];
            }
        }
        return new Settlement<>(engine, rest, restEnds, size, batch);
    }

    private void byThreads() {
        int threads = Math.min(count, MAX_THREADS);
        AtomicInteger left = new AtomicInteger(threads);
        if (threads == 0) {
            done();
        }
        for (int t = 0; t < threads; t++) {
            int from = (int) ((long) count * t / threads);
            int to = (int) ((long) count * (t + 1) / threads);
            engine.offload(() -> {
                inFrame(from, to);
                if (left.decrementAndGet() == 0) {
                    done();
                }
            });
        }
    }

    private void inFrame(int from, int to) {
        try (Frame frame = Frame.open(engine)) {
            end(from, to);
            frame.runDeferred();
        }
    }

    private void byTask(Executor executor) {
        AtomicInteger left = new AtomicInteger(count);
        if (count == 0) {
            done();
        }
        for (int i = 0; i < count; i++) {
            Runnable once = once(items[i], ends[i], left);
            try {
                executor.execute(once);
            } catch (Throwable refusal) {
                once.run(); // settled here rather than never
            }
        }
    }

    /** Settles one item the first time it is run; an executor may have run what it then says it refused. */
    private Runnable once(Item<T, R> item, @Nullable Object end, AtomicInteger left) {
        AtomicBoolean begun = new AtomicBoolean();
        return () -> {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            try (Frame frame = Frame.open(engine)) {
                item.end(end, engine.nanosIfListenedTo());
                if (left.decrementAndGet() == 0) {
                    done();
                }
                frame.runDeferred();
            }
        };
    }
}
