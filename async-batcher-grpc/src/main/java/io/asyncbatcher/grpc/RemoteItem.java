package io.asyncbatcher.grpc;

import org.jspecify.annotations.Nullable;

/**
 * Information about the client while an item is submitted at the worker. It is current on the submitting thread, which calls the
 * weigher, the partition function, and {@code onSubmitted} of listeners.
 *
 * @param client the name that the client has chosen; for meters and fairness, never for permissions
 * @param partitionKey the partition key of the item; null if the client has none
 */
public record RemoteItem(String client, @Nullable String partitionKey) {

    private static final ThreadLocal<RemoteItem> CURRENT = new ThreadLocal<>();

    /**
     * The item that is being submitted on this thread; null if it is not from a client.
     *
     * @return the item, or null
     */
    public static @Nullable RemoteItem current() {
        return CURRENT.get();
    }

    /** Makes it current; {@link #leave} ends that. */
    void enter() {
        CURRENT.set(this);
    }

    static void leave() {
        CURRENT.remove();
    }
}
