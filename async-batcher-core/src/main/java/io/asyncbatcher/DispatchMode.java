package io.asyncbatcher;

/** How a batch that isn't full decides, while a slot is free, whether to wait for more items. */
public enum DispatchMode {
    /** It lingers up to {@code maxQueueTime}, counted from the submission of its oldest item. */
    FIXED,

    /** It does not wait. A batch grows only while every slot is busy. {@code maxQueueTime} is ignored. */
    NATURAL,

    /**
     * It lingers for as long as that is expected to pay, from what was learned of the processor's time and of the
     * arrivals, and never longer than {@code maxQueueTime}. Time behind busy slots doesn't count as linger. Slots share what
     * is queued. {@code concurrency} is a limit: how many slots pay is learned by trial, from how long batches take by their
     * size and beside how many others; with -1 as many are used as pay.
     */
    ADAPTIVE
}
