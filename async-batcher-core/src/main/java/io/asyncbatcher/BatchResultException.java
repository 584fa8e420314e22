package io.asyncbatcher;

/**
 * The processor broke its contract: it returned null, another number of results than items, or a result that belongs to no
 * item of the batch. Nothing is guessed, so every item of the batch fails with this.
 */
public final class BatchResultException extends BatcherException {

    private static final long serialVersionUID = 1L;

    private final boolean delivered;

    /**
     * For code that brings what a user's function returns into the form of a processor, and finds that it can't be. Thrown by
     * a processor, it reaches the callers with the names that belong to it.
     *
     * @param message what is wrong and what to do, as in "it returned null; return an empty map"; without items
     */
    public BatchResultException(String message) {
        this(message, false);
    }

    private BatchResultException(String message, boolean delivered) {
        super(message, null, true);
        this.delivered = delivered;
    }

    /** As the callers of a batch hear it. */
    BatchResultException of(String batcher, int items) {
        return new BatchResultException(
                "The processor of batcher '" + batcher + "' broke its contract in a batch of " + items + " items: "
                        + getMessage(),
                true);
    }

    /** Whether callers of a batch have heard it: a processor that throws it has it from another batcher. */
    boolean isDelivered() {
        return delivered;
    }
}
