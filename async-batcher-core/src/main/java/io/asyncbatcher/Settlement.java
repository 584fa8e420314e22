package io.asyncbatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles items on the thread where their callers' continuations may run, and says when all are settled. With a
 * {@code completionExecutor} each item is a task of its own there.
 */
final class Settlement<T, R extends @Nullable Object> {

    private static final int MAX_THREADS = 64;

    private final Engine<T, R> engine;
    private final Item<T, R>[] items;
    private final int count;
    private final Consumer<Item<T, R>> end;
    private final Runnable done;
    private Runnable first = () -> {};

    /**
     * Items to be settled.
     *
     * @param items the first {@code count} elements count
     * @param end settles one
     * @param done runs once all are settled
     */
    Settlement(Engine<T, R> engine, Item<T, R>[] items, int count, Consumer<Item<T, R>> end, Runnable done) {
        this.engine = engine;
        this.items = items;
        this.count = count;
        this.end = end;
        this.done = done;
    }

    /** Has something done before the first item is settled aside. */
    Settlement<T, R> first(Runnable first) {
        this.first = first;
        return this;
    }

    /** Settles a batch's items at its end, on this thread where the user names no other. */
    void atBatchEnd(Frame frame) {
        Executor completionExecutor = engine.completionExecutor();
        if (completionExecutor != null) {
            frame.emptyHand();
            byTask(completionExecutor);
            return;
        }
        List<Item<T, R>> continued = withoutContinuation();
        if (!continued.isEmpty()) {
            frame.emptyHand(); // a continuation may block
            if (frame.hasDeferred()) {
                apart(continued); // a batch that only this thread can run waits for it to come back
                return;
            }
            continued.forEach(end);
        }
        done.run();
    }

    /** Settles items that end without a batch: never on this thread. */
    void aside() {
        engine.offload(() -> {
            first.run();
            Executor completionExecutor = engine.completionExecutor();
            if (completionExecutor != null) {
                byTask(completionExecutor);
            } else {
                apart(withoutContinuation());
            }
        });
    }

    /** Settles the items that nothing hangs on, and returns the others. */
    private List<Item<T, R>> withoutContinuation() {
        List<Item<T, R>> continued = List.of();
        for (int i = 0; i < count; i++) {
            Item<T, R> item = items[i];
            if (item.getNumberOfDependents() == 0) {
                end.accept(item);
            } else {
                continued = continued.isEmpty() ? new ArrayList<>() : continued;
                continued.add(item);
            }
        }
        return continued;
    }

    /** Settles items on threads of our own, so that a continuation that blocks holds up few others or none. */
    private void apart(List<Item<T, R>> continued) {
        int threads = Math.min(continued.size(), MAX_THREADS);
        AtomicInteger left = new AtomicInteger(threads);
        if (threads == 0) {
            done.run();
        }
        for (int t = 0; t < threads; t++) {
            int from = (int) ((long) continued.size() * t / threads);
            int to = (int) ((long) continued.size() * (t + 1) / threads);
            engine.offload(() -> {
                inFrame(continued.subList(from, to));
                if (left.decrementAndGet() == 0) {
                    done.run();
                }
            });
        }
    }

    private void inFrame(List<Item<T, R>> some) {
        try (Frame frame = Frame.open(engine)) {
            some.forEach(end);
            frame.runDeferred();
        }
    }

    private void byTask(Executor executor) {
        AtomicInteger left = new AtomicInteger(count);
        if (count == 0) {
            done.run();
        }
        for (int i = 0; i < count; i++) {
            Runnable once = once(items[i], left);
            try {
                executor.execute(once);
            } catch (Throwable refusal) {
                once.run(); // settled here rather than never
            }
        }
    }

    /** Settles one item the first time it is run; an executor may have run what it then says it refused. */
    private Runnable once(Item<T, R> item, AtomicInteger left) {
        AtomicBoolean begun = new AtomicBoolean();
        return () -> {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            try (Frame frame = Frame.open(engine)) {
                end.accept(item);
                if (left.decrementAndGet() == 0) {
                    done.run();
                }
                frame.runDeferred();
            }
        };
    }
}
