package io.asyncbatcher.grpc;

import org.jspecify.annotations.Nullable;

/**
 * What a worker's code may know of the client while an item is submitted on its behalf. It is current on the submitting thread,
 * which calls the weigher, the partitioner, and the listeners' {@code onSubmitted}.
 *
 * @param client who the client says it is; for meters and fairness, never for rights
 * @param partitionKey the client's partition key; null if it has none
 */
public record RemoteItem(String client, @Nullable String partitionKey) {

    private static final ThreadLocal<RemoteItem> CURRENT = new ThreadLocal<>();

    /**
     * The item that is being submitted on this thread; null if it comes from no client.
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
