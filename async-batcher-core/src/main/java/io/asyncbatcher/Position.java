package io.asyncbatcher;

/** Where an item can be found: in the queue, to be taken out of the middle, or among the tasks of a completionExecutor. */
interface Position {

    /** The item's caller has ended it there. */
    default void endedByCaller() {}
}
