package io.asyncbatcher;

/** What submitting threads touch, all on one cache line: they have it in hand for the ticket anyway. */
abstract class QueueMarks extends QueuePadding {

    /** The next ticket to be given out. */
    volatile long tail;

    /** The ticket whose owner must look in at the engine. */
    volatile long wakeAt;

    /** The first ticket without a place. */
    volatile long limit;

    /** Whether to ask the engine before a ticket is taken: the queue is full or the batcher stopped. */
    volatile boolean closed;

    /** A chunk at or before the one of the next ticket. */
    volatile Chunk tailChunk;

    QueueMarks(Chunk firstChunk) {
        tailChunk = firstChunk;
    }
}

/** Keeps the marks off the cache line of what lies before them. */
@SuppressWarnings("unused")
abstract class QueuePadding {
    private long p0, p1, p2, p3, p4, p5, p6;
}
