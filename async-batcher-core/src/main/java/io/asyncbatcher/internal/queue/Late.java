package io.asyncbatcher.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * A cell that had left the queue before its item was stored, and others. Its thread was kept from running between two
 * instructions, or an error has ended it there and it could not even leave a hole.
 */
public final class Late {

    final Chunk chunk;
    final long ticket;

    @Nullable
    Late next;

    /** What has been stored there at last. */
    @Nullable
    public Object item;

    public Late(Chunk chunk, long ticket, @Nullable Late next) {
        this.chunk = chunk;
        this.ticket = ticket;
        this.next = next;
    }
}
