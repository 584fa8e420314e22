package io.asyncbatcher.internal.batch;

/**
 * What a dispatch policy knows a batch by that holds a slot.
 *
 * @param beganNanos when it was handed over
 * @param items its size
 * @param running how many batches held a slot then, with this one
 * @param busyNanos for how long slots had been held then, summed over the slots
 */
public record BatchRun(long beganNanos, int items, int running, double busyNanos) {

    /** For policies that don't ask how long batches take. */
    public static final BatchRun UNOBSERVED = new BatchRun(0, 0, 0, 0);
}
