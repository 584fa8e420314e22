package io.asyncbatcher.internal.item;

import io.asyncbatcher.BatcherException;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.internal.thread.Ending;
import io.asyncbatcher.internal.thread.Frame;
import io.asyncbatcher.internal.thread.Nanos;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One item: its value, its caller's future and its position in the queue in one object of 32 bytes.
 *
 * <p>There are two ways to settle it, and the future's own compare-and-set decides between them: the engine's
 * ({@link #end}, {@link #fail}), and the caller's (every public method that ends a future), which first gives the
 * item's room in the queue back, so that the engine's state is up to date before any continuation runs.
 */
public sealed class Item<T, R extends @Nullable Object> extends SelfWaitGuard<R> implements Ending permits TimedItem {

    /** Null once the item is settled, so that a kept future keeps nothing of ours. */
    private @Nullable ItemOwner<T, R> owner;

    /** What the caller handed over. */
    @Nullable
    public Object value;

    /** Where the item is, or was last, queued; null where that doesn't matter any more. */
    @Nullable
    public Position position;

    public Item(ItemOwner<T, R> owner, T value) {
        this.owner = owner;
        this.value = value;
    }

    /** Null once the item is settled. */
    final @Nullable ItemOwner<T, R> owner() {
        return owner;
    }

    /** Called once by the batch that begins with this item in it: false if it is settled and must not run. */
    public boolean begin() {
        return !isDone();
    }

    /** Whether a further call of its batch may have it in it. */
    public boolean mayRun() {
        return !isDone();
    }

    /**
     * Called by a batch that it leaves for the queue, once more if an error comes between: false if it is settled, or
     * just being given up.
     */
    public boolean giveBack() {
        return !isDone();
    }

    /** How long the item may still take. */
    public long nanosLeft(long nowNanos) {
        return Nanos.FOREVER;
    }

    /** The failure of an item whose time is over; from here on it doesn't begin any more. */
    public BatcherException expiry() {
        throw new IllegalStateException("An item without a timeout doesn't expire");
    }

    /** Settles an item that was never accepted: nobody is told. */
    public final void reject(Throwable rejection) {
        forgetCaller();
        forgetIf(super.completeExceptionally(rejection));
    }

    /** Settles with a result, or as {@link Failed}. */
    public final void end(@Nullable Object end) {
        if (isDone() || end instanceof RetryRequest) {
            return; // settled by its caller or by a forced stop, which has taken what was to be tried again
        }
        if (end instanceof Failed failed) {
            fail(failed);
        } else {
            succeed(end);
        }
    }

    @SuppressWarnings("unchecked") // the processor's R
    private void succeed(@Nullable Object result) {
        report(ItemOutcome.SUCCESS);
        position = null;
        forgetIf(super.complete((R) result));
    }

    private void fail(Failed failed) {
        report(failed.outcome());
        position = null;
        forgetIf(super.completeExceptionally(failed.cause()));
    }

    /** Tells listeners, once, how the item ended; where it isn't timed, nobody listens. */
    void report(ItemOutcome outcome) {}

    /** Forgets what was noted of the caller, where something was. */
    void forgetCaller() {}

    /** Only who settled forgets, so that nobody settles with what another forgot. */
    private boolean forgetIf(boolean settled) {
        if (settled) {
            owner = null;
            value = null;
        }
        return settled;
    }

    /**
     * The caller ends the item: first its room is given back, then the future ends, then a stop may. Once more after the
     * end, because meanwhile a batch may have put it back into the queue.
     */
    private <V> V endByCaller(Supplier<V> end) {
        ItemOwner<T, R> before = isDone() ? null : owner;
        if (before == null) {
            return end.get();
        }
        boolean removed = before.withdraw(this);
        try (Frame frame = Frame.open(before)) {
            report(ItemOutcome.CANCELLED);
            V answer = end.get();
            frame.runDeferred();
            return answer;
        } finally {
            if (removed || before.withdraw(this)) {
                before.settled(this);
            }
            Position left = position;
            if (left != null) {
                left.endedByCaller();
            }
            position = null;
        }
    }

    @Override
    public final int steps() {
        return isDone() ? 1 : 0;
    }

    @Override
    public final boolean isSettled() {
        return isDone();
    }

    @Override
    public final boolean waitsOnlyFor(Predicate<Object> items) {
        return isDone() || items.test(this);
    }

    @Override
    final @Nullable ItemOwner<?, ?> awaited() {
        return owner;
    }

    @Override
    public final boolean complete(R result) {
        return endByCaller(() -> forgetIf(super.complete(result)));
    }

    @Override
    public final boolean completeExceptionally(Throwable cause) {
        return endByCaller(() -> forgetIf(super.completeExceptionally(cause)));
    }

    @Override
    public final boolean cancel(boolean mayInterruptIfRunning) {
        return endByCaller(() -> forgetIf(super.cancel(mayInterruptIfRunning)));
    }

    @Override
    public final CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        executor.execute(() -> {
            if (isDone()) {
                return;
            }
            try {
                complete(supplier.get());
            } catch (Throwable failure) {
                completeExceptionally(failure);
            }
        });
        return this;
    }

    @Override
    public final void obtrudeValue(R result) {
        endByCaller(() -> {
            super.obtrudeValue(result);
            return forgetIf(true);
        });
    }

    @Override
    public final void obtrudeException(Throwable cause) {
        endByCaller(() -> {
            super.obtrudeException(cause);
            return forgetIf(true);
        });
    }

    /** Says nothing of value, result or failure. */
    @Override
    public final String toString() {
        return "Item@" + Integer.toHexString(System.identityHashCode(this)) + (isDone() ? "[settled]" : "[unsettled]");
    }
}
