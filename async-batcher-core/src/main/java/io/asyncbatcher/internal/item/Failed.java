package io.asyncbatcher.internal.item;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherException;
import io.asyncbatcher.ItemOutcome;

/**
 * The end of an item that doesn't get a result.
 *
 * @param outcome as listeners hear it
 * @param cause as its caller hears it
 */
public record Failed(ItemOutcome outcome, Throwable cause) {

    /** By a batch's being cut off. */
    public static Failed aborted(BatcherException cause) {
        return new Failed(ItemOutcome.ABORTED, cause);
    }

    public static Failed by(Throwable cause) {
        return new Failed(cause instanceof BatchAbortedException ? ItemOutcome.ABORTED : ItemOutcome.FAILURE, cause);
    }
}
