package io.asyncbatcher.internal.thread;

import java.util.ArrayDeque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a thread is doing for a batcher: running batches, or only the continuations of settled items. Frames nest where
 * user code calls another batcher whose executor runs at once.
 *
 * <p>It turns the recursion of such an executor into a loop (a trampoline): a batch that is handed over while its
 * predecessor ends, or too deep in the stack, is put aside here and run when the stack has unwound. Confined to its thread.
 */
public final class Frame implements AutoCloseable {

    private static final ThreadLocal<@Nullable Frame> TOP = new ThreadLocal<>();
    private static final int MAX_DEPTH = 32;
    private static final @Nullable Object[] NOTHING = {};

    private final WorkOwner owner;
    private final @Nullable Frame outer;
    private final int depth;
    private final boolean interrupted;
    private final @Nullable PutOff putOff;
    private @Nullable ArrayDeque<Task> deferred;
    private @Nullable Resumable at;
    private boolean processing;
    private boolean handingOver;
    private @Nullable Object[] items = NOTHING;
    private @Nullable Object[] ends = NOTHING;

    /** A batch, as its thread knows it. */
    public interface Task {

        /** Whose batch it is. */
        WorkOwner owner();

        /** What a thread that begins with this may put off; null where it is not one of the library's own. */
        @Nullable
        PutOff newPutOff();

        /** Runs it in a frame. */
        void run(Frame frame);

        /** Ends it where an error has come between, if it has not ended. */
        void rescue(Throwable failure);
    }

    /** What a thread has put off until it has run what is put aside. */
    public interface PutOff {

        void doNow(Frame frame);

        /** Leaves it to other threads. */
        void giveUp();
    }

    private Frame(WorkOwner owner, @Nullable Frame outer, @Nullable PutOff putOff) {
        this.owner = owner;
        this.outer = outer;
        this.putOff = putOff;
        this.depth = outer == null ? 0 : outer.depth + 1;
        this.interrupted = Thread.interrupted(); // whose it is will see it again; no batch does
    }

    /** The current thread's innermost frame, or null if it isn't one of a batcher's. */
    public static @Nullable Frame top() {
        return TOP.get();
    }

    /** Whether the current thread is in the processor or a continuation of an owner. */
    public static boolean isInside(WorkOwner owner) {
        for (Frame frame = TOP.get(); frame != null; frame = frame.outer) {
            if (frame.owner == owner) {
                return true;
            }
        }
        return false;
    }

    /** Begins to run continuations of an owner's items here. */
    public static Frame open(WorkOwner owner) {
        return open(owner, null);
    }

    private static Frame open(WorkOwner owner, @Nullable PutOff putOff) {
        Frame frame = new Frame(owner, TOP.get(), putOff);
        TOP.set(frame);
        return frame;
    }

    /** Runs a batch here, and those that are put aside meanwhile; or puts it aside itself. */
    public static void run(Task batch) {
        Frame top = TOP.get();
        if (top != null && (top.handingOver || top.depth >= MAX_DEPTH)) {
            top.atMostDeepest().defer(batch);
            return;
        }
        try (Frame frame = open(batch.owner(), top == null ? batch.newPutOff() : null)) {
            batch.run(frame);
            frame.runDeferred();
        }
    }

    // ---- what is put aside ----

    /** Puts a batch aside until this thread has finished what it is at. */
    public void defer(Task batch) {
        if (deferred == null) {
            deferred = new ArrayDeque<>(2);
        }
        deferred.add(batch);
    }

    public boolean hasDeferred() {
        return deferred != null && !deferred.isEmpty();
    }

    /** Runs what was put aside, and then does what was put off; again if an error comes between. */
    public void runDeferred() {
        for (int tries = 0; ; tries++) {
            try {
                runAllDeferred();
                return;
            } catch (Throwable failure) {
                if (!Memory.awaitMore(tries)) {
                    throw failure;
                }
            }
        }
    }

    private void runAllDeferred() {
        do {
            for (Task next = nextDeferred(); next != null; next = nextDeferred()) {
                if (next.owner() == owner && !processing) {
                    next.run(this);
                } else {
                    runNested(next);
                }
            }
            if (putOff != null) {
                putOff.doNow(this);
            }
        } while (hasDeferred());
    }

    private static void runNested(Task batch) {
        try (Frame nested = open(batch.owner())) {
            batch.run(nested);
            nested.runDeferred();
        } catch (Throwable failure) {
            batch.rescue(failure); // if it hasn't run
        }
    }

    private @Nullable Task nextDeferred() {
        return deferred == null ? null : deferred.poll();
    }

    /** The frame that runs what is put aside: one so far down that the stack can't grow without bound. */
    private Frame atMostDeepest() {
        Frame frame = this;
        while (frame.depth > MAX_DEPTH && frame.outer != null) {
            frame = frame.outer;
        }
        return frame;
    }

    /** Whether batches are being handed over, of which none is to run here and now, even where the executor would. */
    public void handingOver(boolean handingOver) {
        this.handingOver = handingOver;
    }

    // ---- what this thread is at ----

    /** What this thread has put off, where it is one of the library's own. */
    @Nullable
    public PutOff putOff() {
        return putOff;
    }

    /** This thread begins to run user code by which items end. */
    public void enter(Resumable work) {
        at = work;
    }

    /** It has come back from it. */
    public void leave() {
        at = null;
    }

    public void processing(boolean processing) {
        this.processing = processing;
    }

    /** Whether this thread is in the processor of an owner, at whatever depth. */
    public boolean isProcessingFor(WorkOwner owner) {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            if (frame.owner == owner && frame.processing) {
                return true;
            }
        }
        return false;
    }

    /** This thread is about to wait: what it was to do later may be what it waits for. */
    public void beforeWait() {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            if (frame.at != null) {
                frame.at.goOn(frame.owner::offload);
            }
            if (frame.putOff != null) {
                frame.putOff.giveUp();
            }
            for (Task next = frame.nextDeferred(); next != null; next = frame.nextDeferred()) {
                runNested(next);
            }
        }
    }

    /** A flag that user code left reaches nobody else, nor does what it has changed of a thread of the library's. */
    @SuppressWarnings("CheckReturnValue") // whether it was set doesn't matter
    public static void forgetInterrupt() {
        Thread.interrupted();
        OwnThreads.putBack();
    }

    // ---- arrays that are used again ----

    /**
     * Lends an array for the items of a batch, until this frame runs the next.
     *
     * @param newArray makes one of so many elements, of the same type each time
     */
    @Nullable
    public Object[] lendItems(int count, IntFunction<@Nullable Object[]> newArray) {
        if (items.length < count || count == 0) {
            items = newArray.apply(count);
        }
        return items;
    }

    /** Lends an array for the ends of a batch's items, until this frame runs the next. */
    @Nullable
    public Object[] lendEnds(int count) {
        if (ends.length < count) {
            ends = new @Nullable Object[count];
        }
        return ends;
    }

    /** What was lent is not given back: its batch goes on without this frame. */
    public void forgetLent() {
        items = NOTHING;
        ends = NOTHING;
    }

    @Override
    public void close() {
        if (putOff != null) {
            putOff.giveUp(); // an error has come between
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
