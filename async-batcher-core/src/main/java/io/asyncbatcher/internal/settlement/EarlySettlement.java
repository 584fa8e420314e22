package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.item.Failed;
import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.EndingOwner;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Memory;
import io.asyncbatcher.internal.thread.Resumable;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settles items of a batch whose ends are known while its processor goes on: by the {@code completionExecutor}, or on a thread
 * of our own. Never on the thread that tells of an end, because that one is the processor's mostly, and a continuation that
 * waits there may wait for what the processor is to do next. Used by any thread.
 *
 * <p>One thread at a time takes the items off, and whoever adds one while none is at it sends one. An item leaves the queue once
 * it is settled: where a thread stands still in user code, {@link io.asyncbatcher.internal.thread.Watchdog} sends another, which
 * begins with that item. Who ends an item twice does no harm; so does who settles the batch, which covers what is left here.
 */
public final class EarlySettlement<T, R extends @Nullable Object> implements Ending, Resumable, Handed.Settler {

    private final Setup<T> setup;
    private final EndingOwner owner;
    private final Runnable watching;
    private final Supplier<@Nullable Settlement<T, R>> ofBatch;
    private final Queue<Handed> left = new ConcurrentLinkedQueue<>();
    private final AtomicInteger steps = new AtomicInteger();

    /** Set by whoever sends a thread; cleared by a thread that has found nothing left, and looks once more after that. */
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * Settles items of one batch.
     *
     * @param watching is run when this begins to settle: it is to be looked at whether that gets on
     * @param ofBatch gives that by which all of its items are settled, once its processor has returned
     */
    public EarlySettlement(
            Setup<T> setup, EndingOwner owner, Runnable watching, Supplier<@Nullable Settlement<T, R>> ofBatch) {
        this.setup = setup;
        this.owner = owner;
        this.watching = watching;
        this.ofBatch = ofBatch;
    }

    /**
     * Adds an item; {@link #start} must follow. Runs no user code.
     *
     * @param end its result, or {@link Failed}
     */
    public void add(Item<T, R> item, @Nullable Object end) {
        left.add(new Handed(this, item, end));
    }

    /** Has settled what was added, on another thread. */
    public void start() {
        if (busy.compareAndSet(false, true)) {
            try {
                watching.run();
            } finally {
                setup.offload(this::run);
            }
        }
    }

    @Override
    public void goOn(Executor elsewhere) {
        elsewhere.execute(this::run);
    }

    private void run() {
        for (int tries = 0; ; tries++) {
            try (Frame frame = Frame.open(owner)) {
                frame.enter(this);
                settleAll();
                frame.leave();
                frame.runDeferred();
                return;
            } catch (Throwable failure) {
                if (!Memory.awaitMore(tries)) {
                    throw failure;
                }
            }
        }
    }

    private void settleAll() {
        Executor completionExecutor = setup.completionExecutor();
        do {
            for (Handed next = left.peek(); next != null; next = left.peek()) {
                steps.incrementAndGet();
                if (completionExecutor == null) {
                    next.end();
                } else if (!next.isGiven()) {
                    next.give(completionExecutor);
                }
                left.remove(next);
            }
            busy.set(false);
        } while (!left.isEmpty() && busy.compareAndSet(false, true));
    }

    /** A task of the {@code completionExecutor}. */
    @Override
    public void settle(Handed task) {
        try (Frame frame = Frame.open(owner)) {
            frame.enter(this);
            task.end();
            frame.leave();
            frame.runDeferred();
        }
    }

    /** Where the batch has ended meanwhile, and its other items are settled, this may have been the last. */
    @Override
    public void countDown() {
        Settlement<T, R> rest = ofBatch.get();
        if (rest != null) {
            rest.finish();
        }
    }

    @Override
    public boolean isEarly() {
        return true;
    }

    @Override
    public int steps() {
        return steps.get();
    }

    @Override
    public boolean isSettled() {
        return !busy.get() && left.isEmpty();
    }
}
