package io.asyncbatcher;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The observers of one batcher, contained: what one throws is logged and stops nothing. Immutable. */
final class Listeners {

    private static final System.Logger LOG = System.getLogger("io.asyncbatcher");

    private final List<BatcherListener> listeners;

    private Listeners(List<BatcherListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Null where nobody listens. */
    static @Nullable Listeners with(@Nullable Listeners before, BatcherListener added) {
        List<BatcherListener> all = before == null ? new ArrayList<>() : new ArrayList<>(before.listeners);
        all.add(added);
        return new Listeners(all);
    }

    /** Null where nobody listens any more. */
    static @Nullable Listeners without(@Nullable Listeners before, BatcherListener removed) {
        List<BatcherListener> rest = before == null ? new ArrayList<>() : new ArrayList<>(before.listeners);
        rest.removeIf(listener -> listener == removed); // not by equals, which is user code
        return rest.isEmpty() ? null : new Listeners(rest);
    }

    void rejected(String batcher, RejectionReason reason) {
        tell(batcher, listener -> listener.onRejected(batcher, reason));
    }

    void dispatched(String batcher, DispatchReason reason, long[] queueNanos) {
        tell(batcher, listener -> listener.onDispatched(batcher, reason, queueNanos));
    }

    void finished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
        tell(batcher, listener -> listener.onFinished(batcher, outcome, size, durationNanos));
    }

    void settled(String batcher, ItemOutcome outcome, long latencyNanos) {
        tell(batcher, listener -> listener.onSettled(batcher, outcome, latencyNanos));
    }

    private void tell(String batcher, Consumer<BatcherListener> event) {
        for (BatcherListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable failure) {
                // its message may say what it was told, but never an item: listeners see none
                LOG.log(Level.WARNING, "A listener of batcher '" + batcher + "' failed; the batcher goes on", failure);
            }
        }
    }
}
