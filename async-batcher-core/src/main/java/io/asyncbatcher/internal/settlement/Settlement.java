package io.asyncbatcher.internal.settlement;

import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.EndingOwner;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Memory;
import io.asyncbatcher.internal.thread.Resumable;
import io.asyncbatcher.internal.thread.Watchdog;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Settles items on the thread where their callers' continuations may run, and says when all are settled. With a
 * {@code completionExecutor} each item is a task of its own there.
 *
 * <p>A continuation may wait for what a neighbour's continuation does, so a thread that doesn't get on must not keep the
 * rest: {@link Watchdog} has another thread {@link #goOn}, which ends all that is not settled yet. Who ends an item twice does
 * no harm. A settlement is {@code OPEN} while only its first thread is at it, which then makes it {@code CLOSED}, or
 * {@code SHARED} once others are at it; then whoever finds all of it settled makes it {@code FINISHED} and says so.
 */
public final class Settlement<T, R extends @Nullable Object> implements Ending, Resumable {

    private static final int OPEN = 0;
    private static final int CLOSED = 1;
    private static final int SHARED = 2;
    private static final int FINISHED = 3;

    private static final int MAX_THREADS = 64;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Settlement.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Setup<T> setup;
    private final EndingOwner owner;
    private final Ends<T, R> ends;
    private final @Nullable Origin<T, R> batch;
    private Runnable first = () -> {};
    private int handed; // how many of the first items were given to the completionExecutor before

    @SuppressWarnings("unused") // by STATE
    private volatile int state;

    /** Whether items are tasks of the {@code completionExecutor}. */
    private volatile boolean byTasks;

    /** A batch whose items are settled at its end. From any thread. */
    public interface Origin<T, R extends @Nullable Object> {

        /** Its thread may not come back soon: no slot is reserved for it any more. */
        void giveUpReservation();

        /** From here on these are all its items: the others are settled, and the arrays that were lent are needed again. */
        void keepOnly(Settlement<T, R> rest, Ends<T, R> unsettled);

        /** Whether its items are settled by this one, and not by another that took its place. */
        boolean isSettledBy(Settlement<T, R> settlement);

        /** The last of it is settled. */
        void settled();
    }

    /**
     * Items to be settled.
     *
     * @param batch told once all are settled; null if they are settled without one
     */
    public Settlement(Setup<T> setup, EndingOwner owner, Ends<T, R> ends, @Nullable Origin<T, R> batch) {
        this.setup = setup;
        this.owner = owner;
        this.ends = ends;
        this.batch = batch;
    }

    /** Puts the items that were given to the {@code completionExecutor} first. Before any thread is at it. */
    public void sort() {
        handed = ends.sort();
    }

    /** Has something done before the first item is settled aside. */
    public Settlement<T, R> first(Runnable first) {
        this.first = first;
        return this;
    }

    // ---- at a batch's end ----

    /**
     * Settles a batch's items at its end, on this thread where the user names no other: true if that has happened, false
     * if others are at it, which may still need the items and ends.
     */
    public boolean atBatchEnd(Frame frame) {
        Executor completionExecutor = setup.completionExecutor();
        if (completionExecutor != null) {
            byTask(completionExecutor, 0);
            frame.forgetLent();
            return false;
        }
        frame.enter(this);
        boolean apart = ends.settleUnawaited() < ends.count() && frame.hasDeferred();
        if (apart) {
            apart(); // a batch that only this thread can run waits for it to come back
        } else {
            ends.settle(0, ends.count());
        }
        frame.leave();
        boolean settled = close() && !apart;
        if (!settled) {
            frame.forgetLent();
        }
        return settled;
    }

    /** Settles the items that nothing hangs on; the others, if there are any, are the batch's from here on. */
    @Nullable
    Settlement<T, R> settleUnawaited(Frame frame) {
        frame.enter(this);
        int settled = ends.settleUnawaited();
        frame.leave();
        Settlement<T, R> rest = settled == ends.count() ? null : rest();
        if (!close()) {
            frame.forgetLent();
        }
        return rest;
    }

    /** Settles what was held back for a while. */
    void atLast(Frame frame) {
        Frame.forgetInterrupt(); // another batch's
        if (frame.hasDeferred()) {
            byThreads(ends.count()); // a batch that only this thread can run waits for it to come back
            return;
        }
        frame.enter(this);
        ends.settle(0, ends.count());
        frame.leave();
        if (close()) {
            done();
        }
    }

    /** The first thread has settled all: false if others are at it, too. */
    private boolean close() {
        boolean closed = STATE.compareAndSet(this, OPEN, CLOSED);
        if (!closed) {
            finish();
        }
        return closed;
    }

    /** Says that all is settled. */
    private void done() {
        if (batch == null) {
            owner.settled(this);
        } else {
            batch.settled();
        }
    }

    // ---- by other threads ----

    @Override
    public int steps() {
        return ends.steps();
    }

    @Override
    public boolean isSettled() {
        return ends.areSettled();
    }

    /** Whether it is known that all is settled. */
    public boolean isFinished() {
        return (int) STATE.getVolatile(this) == FINISHED;
    }

    /** Whether how fast it gets on is up to the {@code completionExecutor}. */
    public boolean isByTasks() {
        return byTasks;
    }

    /** Lets another thread end what is not settled yet, because this settlement's own may not come back. */
    @Override
    public void goOn(Executor elsewhere) {
        if (batch != null) {
            batch.giveUpReservation();
        }
        if (STATE.compareAndSet(this, OPEN, SHARED) || (int) STATE.getVolatile(this) == SHARED) {
            elsewhere.execute(byTasks && batch != null ? this::finish : () -> inFrame(0, ends.count()));
        } else if (batch == null || batch.isSettledBy(this)) {
            elsewhere.execute(this::done); // all is settled, but an error may have kept the thread from saying so
        }
    }

    /** Makes it known that all is settled, if it is, once. */
    void finish() {
        if (isSettled() && STATE.compareAndSet(this, SHARED, FINISHED)) {
            done();
        }
    }

    /**
     * Settles items that end without a batch, never on this thread. The second time without the {@code
     * completionExecutor}, which may have lost them.
     */
    public void aside() {
        if (byTasks) {
            goOn(setup::offload);
            return;
        }
        STATE.setVolatile(this, SHARED);
        setup.offload(this::settleAside);
    }

    private void settleAside() {
        try (Frame frame = Frame.open(owner)) {
            frame.enter(this);
            first.run();
            Executor completionExecutor = setup.completionExecutor();
            if (completionExecutor == null) {
                ends.settleUnawaited();
                byThreads(ends.count());
            } else {
                byThreads(handed); // the executor may have lost them
                byTask(completionExecutor, handed);
            }
            frame.leave();
            frame.runDeferred();
        }
    }

    /** Settles the rest on threads of our own, so that a continuation that blocks holds up few others or none. */
    private void apart() {
        Settlement<T, R> rest = rest();
        rest.byThreads(rest.ends.count());
    }

    /** What is not settled yet; where it is a batch's, that has no other items from here on. */
    private Settlement<T, R> rest() {
        Settlement<T, R> rest = new Settlement<>(setup, owner, ends.rest(), batch);
        if (batch != null) {
            batch.keepOnly(rest, rest.ends);
        }
        return rest;
    }

    /** Settles the first items by several threads. */
    private void byThreads(int items) {
        STATE.setVolatile(this, SHARED);
        int threads = Math.min(items, MAX_THREADS);
        for (int t = 0; t < threads; t++) {
            int from = (int) ((long) items * t / threads);
            int to = (int) ((long) items * (t + 1) / threads);
            setup.offload(() -> inFrame(from, to));
        }
        if (threads == 0) {
            finish();
        }
    }

    private void inFrame(int from, int to) {
        for (int tries = 0; ; tries++) {
            try (Frame frame = Frame.open(owner)) {
                frame.enter(this);
                ends.settle(from, to);
                frame.leave();
                finish();
                frame.runDeferred();
                return;
            } catch (Throwable failure) {
                if (!Memory.awaitMore(tries)) {
                    throw failure;
                }
            }
        }
    }

    /** Settles the items from one on by tasks of the {@code completionExecutor}. */
    private void byTask(Executor executor, int from) {
        byTasks = from < ends.count();
        STATE.setVolatile(this, SHARED);
        new CompletionTasks(owner, this, ends, from, batch != null, this::finish).give(executor, from);
    }
}
