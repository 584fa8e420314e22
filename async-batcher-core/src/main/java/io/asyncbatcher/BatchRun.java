package io.asyncbatcher;

/** What a dispatch policy knows a batch by that holds a slot. */
record BatchRun(long beganNanos, int items) {

    /** For policies that don't ask how long batches take. */
    static final BatchRun UNOBSERVED = new BatchRun(0, 0);
}
