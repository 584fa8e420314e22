package io.asyncbatcher;

/**
 * The processor broke its contract: it returned null, another number of results than items, or a result that belongs to no
 * item of the batch. Nothing is guessed, so every item of the batch fails with this. Where results are reported as they come,
 * those items do that were not reported.
 */
public final class BatchResultException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * For code that brings what a user's function returns into the form of a processor, and finds that it can't be. Thrown by
     * a processor, it reaches the callers with the names that belong to it.
     *
     * @param message what is wrong and what to do, as in "it returned null; return an empty map"; without items
     */
    public BatchResultException(String message) {
        super(message, null, true);
    }

    /**
     * As the callers of a batch hear it. A processor that throws one like this has it from another batcher.
     *
     * @param batcher whose processor it was
     * @param items how many were in the batch
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
