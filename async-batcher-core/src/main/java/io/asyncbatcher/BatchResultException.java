package io.asyncbatcher;

/**
 * The processor broke its contract: it returned null, another number of results than items, a result that belongs to no
 * item of the batch, or two results for one item. Every item of the batch fails with this exception. With a streaming
 * processor, only the items without a report do.
 */
public final class BatchResultException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception for code that adapts a function of the user to a processor, and finds an invalid result. If
     * a processor throws it, the callers get it with the name of the batcher added.
     *
     * @param message what is wrong and what to do, as in "it returned null; return an empty map"; without items
     */
    public BatchResultException(String message) {
        super(message, null, true);
    }

    /**
     * Creates the exception that the callers of a batch get. If a processor throws such an exception, it is that of
     * another batcher.
     *
     * @param batcher the name of the batcher
     * @param items the number of items of the batch
     * @param breach what the processor did
     */
    public BatchResultException(String batcher, int items, BatchResultException breach) {
        super(
                "The processor of batcher '" + batcher + "' broke its contract in a batch of " + items + " items: "
                        + breach.getMessage(),
                breach,
                true);
    }
}
