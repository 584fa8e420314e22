package io.asyncbatcher;

import java.util.ArrayDeque;
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

    private final Engine<?, ?> engine;
    private final @Nullable Frame outer;
    private final int depth;
    private final boolean interrupted;
    private final @Nullable Hand hand;
    private @Nullable ArrayDeque<Batch<?, ?>> deferred;
    private boolean processing;
    private boolean handingOver;

    private Frame(Engine<?, ?> engine, @Nullable Frame outer, @Nullable Hand hand) {
        this.engine = engine;
        this.outer = outer;
        this.hand = hand;
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

    private static Frame open(Engine<?, ?> engine, @Nullable Hand hand) {
        Frame frame = new Frame(engine, TOP.get(), hand);
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
        try (Frame frame = open(batch.engine(), ours ? new Hand() : null)) {
            batch.run(frame);
            frame.runDeferred();
        }
    }

    /** Runs what was put aside or stays in hand. */
    void runDeferred() {
        for (Batch<?, ?> next = nextDeferred(); next != null; next = nextDeferred()) {
            if (next.engine() == engine && !processing) {
                next.run(this);
            } else {
                runNested(next);
            }
        }
    }

    private static void runNested(Batch<?, ?> batch) {
        try (Frame nested = open(batch.engine())) {
            batch.run(nested);
            nested.runDeferred();
        }
    }

    private @Nullable Batch<?, ?> nextDeferred() {
        Batch<?, ?> inHand = hand == null ? null : hand.take();
        return inHand != null || deferred == null ? inHand : deferred.poll();
    }

    private void defer(Batch<?, ?> batch) {
        if (deferred == null) {
            deferred = new ArrayDeque<>(2);
        }
        deferred.add(batch);
    }

    /**
     * Hands over what may run after a batch's end: on a thread of ours the first batch stays in its hand; elsewhere none
     * runs within the call, even where the executor would run it at once.
     */
    <T, R extends @Nullable Object> void handOver(Engine<T, R> engine, @Nullable Batch<T, R> batches) {
        Batch<T, R> others = batches;
        if (batches != null && hand != null) {
            Batch<T, R> next = batches.unchain();
            others = hand.put(batches) ? next : Batch.chain(batches, next);
        }
        handingOver = true;
        try {
            engine.start(others);
        } finally {
            handingOver = false;
        }
    }

    /** Gives away what is in hand, because this thread may be about to block. */
    void emptyHand() {
        Batch<?, ?> next = hand == null ? null : hand.take();
        if (next != null) {
            next.handOver();
        }
    }

    /** Whether something is put aside until the thread has finished what it is at. */
    boolean hasDeferred() {
        return deferred != null && !deferred.isEmpty();
    }

    /** This thread is about to wait: what it was to do later may be what it waits for. */
    void beforeWait() {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            frame.emptyHand();
            for (Batch<?, ?> next = frame.nextDeferred(); next != null; next = frame.nextDeferred()) {
                runNested(next);
            }
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
        if (hand != null) {
            hand.close();
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
