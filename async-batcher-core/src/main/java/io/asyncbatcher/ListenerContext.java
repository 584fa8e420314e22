package io.asyncbatcher;

/**
 * A context that a {@link BatcherListener} has captured from the caller of an item, for example the span of a trace. It
 * is made current again on threads on which the batcher processes the item.
 */
@FunctionalInterface
public interface ListenerContext {

    /**
     * Makes the context current on this thread, until the returned scope is closed on the same thread. May be called by
     * any thread, and by several threads at the same time. Never called under a lock. Should not block.
     *
     * @return the scope; closing it ends the context on this thread
     */
    Scope open();

    /** The time for which a context is current on one thread. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {

        /** Restores the previous context. */
        @Override
        void close();
    }
}
