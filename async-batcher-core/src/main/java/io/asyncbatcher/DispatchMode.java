package io.asyncbatcher;

/** Whether a batch that is not full waits for more items while a slot is free. */
public enum DispatchMode {
    /** It lingers for up to {@code maxQueueTime}, counted from the submission of its oldest item. */
    FIXED,

    /** It does not wait. A batch grows only while every slot is busy. {@code maxQueueTime} is ignored. */
    NATURAL,

    /**
     * It lingers only if that is expected to pay, and never longer than {@code maxQueueTime}. The time before
     * a slot is free for its batch does not count. The expectation is learned from the duration of calls and the arrivals of
     * items. Free slots share the queued items. {@code concurrency} is a limit, and -1 means no limit: the number of
     * slots to use is learned by trial, from how long batches take by their size and by the number of batches that run
     * at the same time.
     */
    ADAPTIVE
}
