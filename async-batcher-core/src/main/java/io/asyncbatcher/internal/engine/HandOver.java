package io.asyncbatcher.internal.engine;

import io.asyncbatcher.internal.batch.Batch;
import io.asyncbatcher.internal.call.Setup;
import io.asyncbatcher.internal.thread.OwnThreads;
import io.asyncbatcher.internal.thread.SystemTime;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Hands batches to the executor, and knows what becomes of those that it rejects. Used by any thread, without the lock. */
final class HandOver<T, R extends @Nullable Object> {

    private final Setup<T> setup;
    private final Changes<T, R> changes;

    HandOver(Setup<T> setup, Changes<T, R> changes) {
        this.setup = setup;
        this.changes = changes;
    }

    /** Hands chained batches over, and those that go in place of rejected ones. */
    void start(@Nullable Batch<T, R> batches) {
        Batch<T, R> ours = null;
        for (Batch<T, R> batch = batches; batch != null; ) {
            Batch<T, R> next = batch.unchain();
            try {
                setup.executor().execute(batch);
            } catch (Throwable rejection) {
                if (!setup.ownThreads()
                        && changes.read(guarded -> guarded.lifecycle().isEnding())) {
                    ours = Batch.chain(ours, batch); // an executor may end before us: nothing is lost by that
                } else {
                    next = Batch.chain(next, rejected(batch, rejection));
                }
            }
            if (batch.moreMayGo) {
                setup.offload(changes::pump); // by another thread: this one may be a caller's
            }
            batch = next;
        }
        runOnOwnThreads(ours); // last, because what follows from them comes behind the others
    }

    /** Runs the first of chained batches on the timer's thread, if that may leave its alarms to another one. */
    void startOnTimer(@Nullable Batch<T, R> batches) {
        if (batches == null || setup.time() != SystemTime.INSTANCE) {
            start(batches);
            return;
        }
        Batch<T, R> first = batches;
        start(first.unchain());
        if (first.moreMayGo || !SystemTime.INSTANCE.runHere(first)) {
            start(first);
        }
    }

    private @Nullable Batch<T, R> rejected(Batch<T, R> batch, Throwable rejection) {
        try {
            Throwable cause = rejection instanceof RejectedExecutionException
                    ? rejection
                    : new RejectedExecutionException("The executor failed", rejection);
            return changes.changed(guarded -> guarded.inFlight().rejected(batch, cause));
        } catch (Throwable failure) {
            rescue(batch, failure);
            return null; // the next batches are to be handed over all the same
        }
    }

    /** Ends a batch that no executor has, by another thread: this one may be a caller's or the timer's. */
    private void rescue(Batch<T, R> batch, Throwable failure) {
        if (!batch.state.isHandedOver()) {
            return; // the executor has thrown, and has taken it all the same
        }
        try {
            setup.offload(() -> batch.rescue(failure));
        } catch (Throwable noThread) {
            batch.rescue(failure);
        }
    }

    private void runOnOwnThreads(@Nullable Batch<T, R> batches) {
        for (Batch<T, R> batch = batches; batch != null; ) {
            Batch<T, R> own = batch;
            batch = own.unchain();
            setup.offload(() -> {
                OwnThreads.nameAfter(setup.name());
                own.run();
            });
        }
    }
}
