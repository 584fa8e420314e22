package io.asyncbatcher.internal.item;

import io.asyncbatcher.BatchContext;
import io.asyncbatcher.BatchOutcome;
import io.asyncbatcher.BatcherListener;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.ItemOutcome;
import io.asyncbatcher.ListenerContext;
import io.asyncbatcher.RejectionReason;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The observers of one batcher, contained: what one throws is logged and stops nothing. Immutable. */
public final class Listeners {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");

    private final List<BatcherListener> listeners;

    private Listeners(List<BatcherListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Null where nobody listens. */
    public static @Nullable Listeners with(@Nullable Listeners before, BatcherListener added) {
        List<BatcherListener> all = before == null ? new ArrayList<>() : new ArrayList<>(before.listeners);
        all.add(added);
        return new Listeners(all);
    }

    /** Null where nobody listens any more. */
    public static @Nullable Listeners without(@Nullable Listeners before, BatcherListener removed) {
        List<BatcherListener> rest = before == null ? new ArrayList<>() : new ArrayList<>(before.listeners);
        rest.removeIf(listener -> listener == removed); // not by equals, which is user code
        return rest.isEmpty() ? null : new Listeners(rest);
    }

    public void rejected(String batcher, RejectionReason reason) {
        tell(batcher, listener -> listener.onRejected(batcher, reason));
    }

    public void dispatched(String batcher, DispatchReason reason, long[] queueNanos) {
        tell(batcher, listener -> listener.onDispatched(batcher, reason, queueNanos));
    }

    public void finished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
        tell(batcher, listener -> listener.onFinished(batcher, outcome, size, durationNanos));
    }

    void settled(String batcher, ItemOutcome outcome, long latencyNanos) {
        tell(batcher, listener -> listener.onSettled(batcher, outcome, latencyNanos));
    }

    public void retried(String batcher, int items) {
        tell(batcher, listener -> listener.onRetried(batcher, items));
    }

    public void deduplicated(String batcher, int items) {
        tell(batcher, listener -> listener.onDeduplicated(batcher, items));
    }

    public void halved(String batcher, int items) {
        tell(batcher, listener -> listener.onHalved(batcher, items));
    }

    public void rateLimited(String batcher, long heldNanos) {
        tell(batcher, listener -> listener.onRateLimited(batcher, heldNanos));
    }

    /** What they have noted of the caller of an item that is being submitted on this thread. */
    @Nullable
    Noted submitted(String batcher) {
        Noted noted = null;
        for (BatcherListener listener : listeners) {
            try {
                ListenerContext caller = listener.onSubmitted(batcher);
                noted = caller == null ? noted : new Noted(listener, caller, noted);
            } catch (Throwable failure) {
                log(batcher, failure);
            }
        }
        return noted;
    }

    /** What they have made for a batch that is about to begin on this thread. */
    @Nullable
    public Noted batch(
            String batcher, DispatchReason reason, int size, Function<BatcherListener, List<ListenerContext>> callers) {
        Noted noted = null;
        for (BatcherListener listener : listeners) {
            try {
                BatchContext batch = listener.onBatch(batcher, reason, size, callers.apply(listener));
                noted = batch == null ? noted : new Noted(listener, batch, noted);
            } catch (Throwable failure) {
                log(batcher, failure);
            }
        }
        return noted;
    }

    private void tell(String batcher, Consumer<BatcherListener> event) {
        for (BatcherListener listener : listeners) {
            contain(batcher, listener, event);
        }
    }

    static <L> void contain(String batcher, L told, Consumer<? super L> event) {
        try {
            event.accept(told);
        } catch (Throwable failure) {
            log(batcher, failure);
        }
    }

    static void log(String batcher, Throwable failure) {
        try {
            // its message may say what it was told, but never an item: listeners see none
            LOG.log(Level.WARNING, "A listener of batcher '" + batcher + "' failed; the batcher goes on", failure);
        } catch (Throwable unlogged) {
            // a log must not do what a listener must not
        }
    }
}
