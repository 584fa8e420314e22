package io.asyncbatcher;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles items on the thread where their callers' continuations may run, and says when all are settled. With a
 * {@code completionExecutor} each item is a task of its own there.
 */
final class Settlement<T, R extends @Nullable Object> {

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
        boolean continued = false;
        for (int i = 0; i < count; i++) {
            if (items[i].getNumberOfDependents() == 0) {
                end.accept(items[i]);
            } else {
                continued = true;
            }
        }
        if (continued) {
            frame.emptyHand(); // a continuation may block
            all();
        } else {
            done.run();
        }
    }

    /** Settles items that end without a batch: never on this thread. */
    void aside() {
        Executor completionExecutor = engine.completionExecutor();
        engine.time().offload(() -> {
            first.run();
            if (completionExecutor == null) {
                allInFrame();
            } else {
                byTask(completionExecutor);
            }
        });
    }

    private void all() {
        for (int i = 0; i < count; i++) {
            end.accept(items[i]);
        }
        done.run();
    }

    private void allInFrame() {
        try (Frame frame = Frame.open(engine)) {
            all();
            frame.runDeferred();
        }
    }

    private void byTask(Executor executor) {
        AtomicInteger left = new AtomicInteger(count);
        if (count == 0) {
            done.run();
        }
        for (int i = 0; i < count; i++) {
            Item<T, R> item = items[i];
            try {
                executor.execute(() -> one(item, left));
            } catch (Throwable refusal) {
                one(item, left); // settled here rather than never
            }
        }
    }

    private void one(Item<T, R> item, AtomicInteger left) {
        try (Frame frame = Frame.open(engine)) {
            end.accept(item);
            if (left.decrementAndGet() == 0) {
                done.run();
            }
            frame.runDeferred();
        }
    }
}
