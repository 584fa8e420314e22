package io.asyncbatcher.internal.queue;

/** What submitting threads only read: on a cache line of its own, which changes about once a batch. */
abstract class TicketMarks extends TicketTail {

    /** The ticket whose owner must look in at the engine. */
    public volatile long wakeAt;

    /** The first ticket without room. */
    public volatile long limit;

    /** Whether to ask the engine before a ticket is taken: the queue is full or the batcher stopped. */
    public volatile boolean closed;

    /** A chunk at or before the one of the next ticket. */
    volatile Chunk tailChunk;

    TicketMarks(Chunk firstChunk) {
        tailChunk = firstChunk;
    }
}

/** What every submitting thread writes: on a cache line of its own. */
@SuppressWarnings("unused")
abstract class TicketTail extends TicketPadding {

    /** The next ticket to be given out. */
    volatile long tail;

    private long q0, q1, q2, q3, q4, q5, q6;
}

/** Keeps the tail off the cache line of what lies before it. */
@SuppressWarnings("unused")
abstract class TicketPadding {
    private long p0, p1, p2, p3, p4, p5, p6;
}
