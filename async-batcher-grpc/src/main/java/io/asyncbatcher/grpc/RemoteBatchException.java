package io.asyncbatcher.grpc;

import org.jspecify.annotations.Nullable;

/**
 * The worker's own processor failed the item, or its codec did. It stands for the worker's exception, of which the wire
 * carries the class name and, where the worker is told to, the message: nothing is deserialized. What the worker's
 * <em>batcher</em> did to the item reaches the caller as the batcher's own exceptions do, {@link
 * io.asyncbatcher.QueueFullException} for instance.
 */
public final class RemoteBatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The name of the worker's exception class, or null. */
    private final @Nullable String remoteClassName;

    /** The message of the worker's exception, or null. */
    private final @Nullable String remoteMessage;

    /** False only if the item is known not to have run. */
    private final boolean mayHaveRun;

    /**
     * Made by the client, and by tests of code that handles it.
     *
     * @param message what happened
     * @param remoteClassName the class of the worker's exception, if it is known
     * @param remoteMessage the message of the worker's exception, if it was sent
     * @param mayHaveRun whether the item may have run
     */
    public RemoteBatchException(
            String message, @Nullable String remoteClassName, @Nullable String remoteMessage, boolean mayHaveRun) {
        super(message);
        this.remoteClassName = remoteClassName;
        this.remoteMessage = remoteMessage;
        this.mayHaveRun = mayHaveRun;
    }

    /**
     * The name of the worker's exception class; null where the worker doesn't tell it.
     *
     * @return the name, or null
     */
    public @Nullable String remoteClassName() {
        return remoteClassName;
    }

    /**
     * The message of the worker's exception; null where it has none, or the worker doesn't tell it.
     *
     * @return the message, or null
     */
    public @Nullable String remoteMessage() {
        return remoteMessage;
    }

    /**
     * Whether the worker's processor was called with the item. False for one that the worker couldn't decode.
     *
     * @return false only if the item is known not to have run
     */
    public boolean mayHaveRun() {
        return mayHaveRun;
    }
}
