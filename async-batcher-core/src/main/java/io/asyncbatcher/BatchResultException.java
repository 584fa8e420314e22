package io.asyncbatcher;

/** The processor broke its contract: it returned null, or another number of results than items. Positions are never guessed, so every item of the batch fails with this. */
public final class BatchResultException extends BatcherException {

    private static final long serialVersionUID = 1L;

    /**
     * For code that makes a processor of a user's function, and finds that what the function returned can't be read.
     *
     * @param message what is wrong and what to do; without items
     */
    public BatchResultException(String message) {
        super(message, null, true);
    }
}
