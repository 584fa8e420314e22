package io.asyncbatcher;

/** The processor broke its contract: it returned null, or another number of results than items. Positions are never guessed, so every item of the batch fails with this. */
public final class BatchResultException extends BatcherException {

    private static final long serialVersionUID = 1L;

    BatchResultException(String message) {
        super(message, null, true);
    }
}
