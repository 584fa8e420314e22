package io.asyncbatcher;

/**
 * What a {@link BatcherListener} has noted of an item's caller, to be current again where the batcher works for that item:
 * the span of a trace, for instance.
 */
@FunctionalInterface
public interface ListenerContext {

    /**
     * Makes it current on this thread, until what is returned is closed on the same thread. Called by any thread, by
     * several at once, never under a lock; should not block.
     *
     * @return ends the context on this thread when it is closed
     */
    Scope open();

    /** The time for which a context is current on one thread. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {

        /** Makes current again what was before. */
        @Override
        void close();
    }
}
