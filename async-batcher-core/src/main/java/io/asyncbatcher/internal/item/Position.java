package io.asyncbatcher.internal.item;

/** Where an item can be found: in the queue, to be taken out of the middle, or among the tasks of a completionExecutor. */
public interface Position {

    /** The item's caller has ended it there. */
    default void endedByCaller() {}
}
