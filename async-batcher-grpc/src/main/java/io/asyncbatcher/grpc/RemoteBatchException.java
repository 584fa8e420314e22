package io.asyncbatcher.grpc;

import org.jspecify.annotations.Nullable;

/**
 * The processor or the codec of the worker failed the item. This exception contains the class name of the exception of the worker
 * and, if enabled at the worker, its message. The exception itself is not deserialized. A failure raised by the <em>batcher</em>
 * of the worker is the same exception as with a local batcher, for example {@link io.asyncbatcher.QueueFullException}.
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
     * Creates an exception. Used by the client, and by tests of code that handles it.
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
     * The class name of the exception of the worker; null if the worker does not send it.
     *
     * @return the name, or null
     */
    public @Nullable String remoteClassName() {
        return remoteClassName;
    }

    /**
     * The message of the exception of the worker; null if it has none, or if the worker does not send it.
     *
     * @return the message, or null
     */
    public @Nullable String remoteMessage() {
        return remoteMessage;
    }

    /**
     * Whether the processor of the worker may have been called with the item. False for an item that the worker could not decode.
     *
     * @return false only if the item is known not to have run
     */
    public boolean mayHaveRun() {
        return mayHaveRun;
    }
}
