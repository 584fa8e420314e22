package io.asyncbatcher;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One item: its value, its caller's future and its place in the queue in one object of 32 bytes.
 *
 * <p>There are two ways to settle it, and the future's own compare-and-set decides between them: the engine's
 * ({@link #end}, {@link #fail}), and the caller's (every public method that ends a future), which first gives the
 * item's place in the queue back, so that the engine's state is up to date before any continuation runs.
 */
class Item<T, R extends @Nullable Object> extends Waited<R> {

    /** Null once the item is settled, so that a kept future keeps nothing of ours. */
    private @Nullable Engine<T, R> engine;

    /** What the caller handed over; after the processor's return, the item's result or {@link Outcome}. */
    @Nullable
    Object value;

    /** Where the item is queued; null before, and once its batch has begun. */
    @Nullable
    Chunk chunk;

    Item(Engine<T, R> engine, T value) {
        this.engine = engine;
        this.value = value;
    }

    /** Called once by the batch that begins with this item in it: false if it is settled and must not run. */
    boolean begin() {
        return !isDone();
    }

    /** How long the item may still take. */
    long nanosLeft(long nowNanos) {
        return Nanos.FOREVER;
    }

    /** The failure of an item whose time is over; from here on it doesn't begin any more. */
    BatcherException expiry() {
        throw new IllegalStateException("An item without a timeout doesn't expire");
    }

    /** Settles an item that was never accepted: nobody is told. */
    final void refuse(BatcherException refusal) {
        forgetIf(super.completeExceptionally(refusal));
    }

    /** Settles with what the processor said of the item. */
    final void end(boolean outcomes) {
        Object said = value;
        if (isDone()) {
            value = null; // settled by its caller or by a stop, which may have forgotten the value already
            return;
        }
        if (outcomes && said instanceof Outcome.Failure<?> failure) {
            fail(ItemOutcome.FAILURE, failure.cause());
        } else {
            succeed(outcomes && said instanceof Outcome.Success<?> success ? success.result() : said);
        }
    }

    @SuppressWarnings("unchecked") // the processor's R
    private void succeed(@Nullable Object result) {
        report(ItemOutcome.SUCCESS);
        forgetIf(super.complete((R) result));
    }

    /** Settles with a failure. */
    final void fail(ItemOutcome outcome, Throwable cause) {
        if (isDone()) {
            return;
        }
        report(outcome);
        forgetIf(super.completeExceptionally(cause));
    }

    /** Tells listeners, once, how the item ended; where it isn't timed, nobody listens. */
    void report(ItemOutcome outcome) {}

    /** Only who settled forgets, so that nobody settles with what another forgot. */
    private boolean forgetIf(boolean settled) {
        if (settled) {
            engine = null;
            value = null;
        }
        return settled;
    }

    /** The caller ends the item: first its place is given back, then the future ends, then a stop may. */
    private <V> V endByCaller(Supplier<V> end) {
        Engine<T, R> before = isDone() ? null : engine;
        boolean removed = before != null && before.withdraw(this);
        if (before != null) {
            report(ItemOutcome.CANCELLED);
        }
        try {
            return end.get();
        } finally {
            if (removed) {
                Objects.requireNonNull(before).asideDone();
            }
        }
    }

    @Override
    final @Nullable Engine<?, ?> awaited() {
        return engine;
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
