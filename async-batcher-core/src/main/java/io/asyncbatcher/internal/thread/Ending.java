package io.asyncbatcher.internal.thread;

/** Items on their way to be settled, outside the lock, by threads that may not come back from user code. */
public interface Ending {

    /** How far it has got; a number that changes with each step. */
    int steps();

    /** Whether all of it is settled, though the code that runs by that may not have returned. */
    boolean isSettled();
}
