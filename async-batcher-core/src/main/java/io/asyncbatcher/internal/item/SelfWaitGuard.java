package io.asyncbatcher.internal.item;

import io.asyncbatcher.internal.thread.Frame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A future of this batcher that rejects to be waited for where the wait could never end: inside the batcher's own
 * processor when no other slot is left to serve it.
 */
public abstract class SelfWaitGuard<V extends @Nullable Object> extends CompletableFuture<V> {

    /** Whether all that this waits for is settled, or is among certain items. */
    public abstract boolean waitsOnlyFor(Predicate<Object> items);

    /** The owner that will settle this; null once it has. */
    abstract @Nullable ItemOwner<?, ?> awaited();

    @Override
    public final V join() {
        ItemOwner<?, ?> owner = beginWait();
        try {
            return super.join();
        } finally {
            endWait(owner);
        }
    }

    @Override
    public final V get() throws InterruptedException, ExecutionException {
        ItemOwner<?, ?> owner = beginWait();
        try {
            return super.get();
        } finally {
            endWait(owner);
        }
    }

    @Override
    public final V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        ItemOwner<?, ?> owner = beginWait();
        try {
            return super.get(timeout, unit);
        } finally {
            endWait(owner);
        }
    }

    @Override
    public final <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    private @Nullable ItemOwner<?, ?> beginWait() {
        Frame frame = isDone() ? null : Frame.top();
        ItemOwner<?, ?> owner = frame == null ? null : awaited();
        if (frame == null || owner == null) {
            return null;
        }
        frame.beforeWait();
        return !isDone() && frame.isProcessingFor(owner) && owner.beginSelfWait(this) ? owner : null;
    }

    private static void endWait(@Nullable ItemOwner<?, ?> owner) {
        if (owner != null) {
            owner.endSelfWait();
        }
    }
}
