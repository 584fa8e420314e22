package io.asyncbatcher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A future of this batcher that refuses to be waited for where the wait could never end: inside the batcher's own
 * processor when no other slot is left to serve it.
 */
abstract class Waited<V extends @Nullable Object> extends CompletableFuture<V> {

    /** Whether all that this waits for is settled, or is among certain items. */
    abstract boolean waitsOnlyFor(Predicate<Object> items);

    /** The engine that will settle this; null once it has. */
    abstract @Nullable Engine<?, ?> awaited();

    @Override
    public final V join() {
        Engine<?, ?> engine = beginWait();
        try {
            return super.join();
        } finally {
            endWait(engine);
        }
    }

    @Override
    public final V get() throws InterruptedException, ExecutionException {
        Engine<?, ?> engine = beginWait();
        try {
            return super.get();
        } finally {
            endWait(engine);
        }
    }

    @Override
    public final V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        Engine<?, ?> engine = beginWait();
        try {
            return super.get(timeout, unit);
        } finally {
            endWait(engine);
        }
    }

    @Override
    public final <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    private @Nullable Engine<?, ?> beginWait() {
        Frame frame = isDone() ? null : Frame.top();
        Engine<?, ?> engine = frame == null ? null : awaited();
        if (frame == null || engine == null) {
            return null;
        }
        frame.beforeWait();
        return !isDone() && frame.isProcessingFor(engine) && engine.beginSelfWait(this) ? engine : null;
    }

    private static void endWait(@Nullable Engine<?, ?> engine) {
        if (engine != null) {
            engine.endSelfWait();
        }
    }
}
