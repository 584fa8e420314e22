package io.asyncbatcher.internal.batch;

/** What a dispatch policy knows a batch by that holds a slot. */
public record BatchRun(long beganNanos, int items) {

    /** For policies that don't ask how long batches take. */
    public static final BatchRun UNOBSERVED = new BatchRun(0, 0);
}
