package io.asyncbatcher;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a thread is doing for a batcher: running batches, or only the continuations of settled items. Frames nest where
 * user code calls another batcher whose executor runs at once.
 *
 * <p>It turns the recursion of such an executor into a loop: a batch that is handed over while its predecessor ends, or
 * too deep in the stack, is put aside here and run when the stack has unwound. Confined to its thread.
 */
final class Frame implements AutoCloseable {

    private static final ThreadLocal<@Nullable Frame> TOP = new ThreadLocal<>();
    private static final int MAX_DEPTH = 32;
    private static final int MOST_TRIES = 1_000;
    private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Item<?, ?>[] NO_ITEMS = {};
    private static final @Nullable Object[] NO_ENDS = {};

    private final Engine<?, ?> engine;
    private final @Nullable Frame outer;
    private final int depth;
    private final boolean interrupted;
    private final @Nullable HeldBack held; // where the thread is our own
    private @Nullable ArrayDeque<Batch<?, ?>> deferred;
    private @Nullable Ending at;
    private boolean processing;
    private boolean handingOver;
    private Item<?, ?>[] items = NO_ITEMS;
    private @Nullable Object[] ends = NO_ENDS;

    private Frame(Engine<?, ?> engine, @Nullable Frame outer, @Nullable HeldBack held) {
        this.engine = engine;
        this.outer = outer;
        this.held = held;
        this.depth = outer == null ? 0 : outer.depth + 1;
        this.interrupted = Thread.interrupted(); // whose it is will see it again; no batch does
    }

    /** The current thread's innermost frame, or null if it isn't one of a batcher's. */
    static @Nullable Frame top() {
        return TOP.get();
    }

    /** Whether the current thread is in the processor or a continuation of an engine. */
    static boolean isInside(Engine<?, ?> engine) {
        for (Frame frame = TOP.get(); frame != null; frame = frame.outer) {
            if (frame.engine == engine) {
                return true;
            }
        }
        return false;
    }

    /** Begins to run continuations of an engine's items here. */
    static Frame open(Engine<?, ?> engine) {
        return open(engine, null);
    }

    private static Frame open(Engine<?, ?> engine, @Nullable HeldBack held) {
        Frame frame = new Frame(engine, TOP.get(), held);
        TOP.set(frame);
        return frame;
    }

    /** Runs a batch here, and those that are put aside meanwhile; or puts it aside itself. */
    static void run(Batch<?, ?> batch) {
        Frame top = TOP.get();
        if (top != null && (top.handingOver || top.depth >= MAX_DEPTH)) {
            top.atMostDeepest().defer(batch);
            return;
        }
        boolean ours = top == null && batch.engine().hasOwnThreads();
        try (Frame frame = open(batch.engine(), ours ? new HeldBack() : null)) {
            batch.run(frame);
            frame.runDeferred();
        }
    }

    /** Lends an array for the items of a batch, until this frame runs the next. */
    Item<?, ?>[] lendItems(int count) {
        if (items.length < count) {
            items = new Item<?, ?>[count];
        }
        return items;
    }

    /** Lends an array for the ends of a batch's items, until this frame runs the next. */
    @Nullable
    Object[] lendEnds(int count) {
        if (ends.length < count) {
            ends = new @Nullable Object[count];
        }
        return ends;
    }

    /** What was lent is not given back: its batch goes on without this frame. */
    void forgetLent() {
        items = NO_ITEMS;
        ends = NO_ENDS;
    }

    /** Runs what was put aside, and then settles what is held back; again if an error comes between. */
    void runDeferred() {
        for (int tries = 0; ; tries++) {
            try {
                runAllDeferred();
                return;
            } catch (Throwable failure) {
                if (tries == MOST_TRIES) {
                    throw failure;
                }
                LockSupport.parkNanos(TRY_AGAIN_NANOS); // until there is memory
            }
        }
    }

    private void runAllDeferred() {
        do {
            for (Batch<?, ?> next = nextDeferred(); next != null; next = nextDeferred()) {
                if (next.engine() == engine && !processing) {
                    next.run(this);
                } else {
                    runNested(next);
                }
            }
            settleHeld();
        } while (hasDeferred());
    }

    /** Settles what is held back, the oldest first. */
    void settleHeld() {
        for (Settlement<?, ?> next = pollHeld(); next != null; next = pollHeld()) {
            next.atLast(this);
        }
    }

    private @Nullable Settlement<?, ?> pollHeld() {
        return held == null ? null : held.poll();
    }

    private static void runNested(Batch<?, ?> batch) {
        try (Frame nested = open(batch.engine())) {
            batch.run(nested);
            nested.runDeferred();
        } catch (Throwable failure) {
            batch.rescue(failure); // if it hasn't run
        }
    }

    private @Nullable Batch<?, ?> nextDeferred() {
        return deferred == null ? null : deferred.poll();
    }

    private void defer(Batch<?, ?> batch) {
        if (deferred == null) {
            deferred = new ArrayDeque<>(2);
        }
        deferred.add(batch);
    }

    /** Whether this thread is one of our own and comes back when it has settled what it has. */
    boolean isOurs() {
        return held != null;
    }

    /** What this thread holds back, where it is one of our own. */
    @Nullable
    HeldBack heldBack() {
        return held;
    }

    /** This thread begins to run user code by which items end. */
    void enter(Ending ending) {
        at = ending;
    }

    /** It has come back from it. */
    void leave() {
        at = null;
    }

    /** A flag that user code left reaches nobody else, nor does what it has changed of a thread of ours. */
    @SuppressWarnings("CheckReturnValue") // whether it was set doesn't matter
    static void forgetInterrupt() {
        Thread.interrupted();
        OwnThreads.putBack();
    }

    /** Back from settling: the first of the batches that may go now is this thread's, where it is one of our own. */
    <T, R extends @Nullable Object> void comeBack(Engine<T, R> engine, @Nullable Batch<T, R> batches) {
        Batch<T, R> others = batches;
        if (held != null) {
            if (batches != null && !batches.moreMayGo) {
                others = batches.unchain();
                defer(batches);
            }
        }
        handOver(engine, others);
    }

    /** Hands over what may run after a batch's end, but runs none of it here and now, even where the executor would. */
    <T, R extends @Nullable Object> void handOver(Engine<T, R> engine, @Nullable Batch<T, R> batches) {
        handingOver = true;
        try {
            engine.start(batches);
        } finally {
            handingOver = false;
        }
    }

    /** Whether something is put aside until the thread has finished what it is at. */
    boolean hasDeferred() {
        return deferred != null && !deferred.isEmpty();
    }

    /** This thread is about to wait: what it was to do later may be what it waits for. */
    void beforeWait() {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            frame.giveUp();
            for (Batch<?, ?> next = frame.nextDeferred(); next != null; next = frame.nextDeferred()) {
                runNested(next);
            }
        }
    }

    /** What this frame would settle next goes on elsewhere. */
    private void giveUp() {
        if (at instanceof Settlement<?, ?> settlement) {
            settlement.goOn(engine::offload);
        }
        for (Settlement<?, ?> next = pollHeld(); next != null; next = pollHeld()) {
            next.goOn(engine::offload);
        }
    }

    /** The frame that runs what is put aside: one so far down that the stack can't grow without bound. */
    private Frame atMostDeepest() {
        Frame frame = this;
        while (frame.depth > MAX_DEPTH && frame.outer != null) {
            frame = frame.outer;
        }
        return frame;
    }

    void processing(boolean processing) {
        this.processing = processing;
    }

    /** Whether this thread is in the processor of an engine, at whatever depth. */
    boolean isProcessingFor(Engine<?, ?> engine) {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            if (frame.engine == engine && frame.processing) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        for (Settlement<?, ?> next = pollHeld(); next != null; next = pollHeld()) {
            next.goOn(engine::offload); // an error has come between
        }
        if (outer == null) {
            TOP.remove();
        } else {
            TOP.set(outer);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
