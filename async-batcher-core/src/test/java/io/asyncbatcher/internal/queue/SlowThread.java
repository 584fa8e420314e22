package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;

/** A thread that has taken a ticket and has not stored its item yet. */
public final class SlowThread {

    private final Chunk chunk;
    private final long ticket;

    public SlowThread(TicketQueue<?, ?> queue) {
        chunk = queue.tailChunk;
        ticket = queue.tail();
        queue.tail = ticket + 1;
    }

    /** Stores the item at last. */
    public void store(Item<?, ?> item) {
        item.position = chunk;
        chunk.put(ticket, item);
    }
}
