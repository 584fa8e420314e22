package io.asyncbatcher.internal.queue;

/**
 * Since when the items of a queue have been lingering, known at one ticket a batch instead of every item: the clock is
 * read once a batch. For a ticket between two stamps the earlier one holds, so a linger may be counted too long, never
 * too short. Used under the engine's lock.
 */
final class LingerStamps {

    private static final long[] NONE = {};

    /** Enough for any queue that moves. */
    private static final int MOST = 1 << 16;

    private long[] tickets = NONE;
    private long[] nanos = NONE;
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void clear() {
        count = 0;
    }

    long lastTicket() {
        return tickets[index(count - 1)];
    }

    void add(long ticket, long nanoTime) {
        if (count == MOST) {
            tickets[index(count - 1)] = ticket; // those in between are taken for older than they are
            return;
        }
        if (count == tickets.length) {
            grow();
        }
        count++;
        tickets[index(count - 1)] = ticket;
        nanos[index(count - 1)] = nanoTime;
    }

    /** The stamp that holds for a ticket; forgets those before it. */
    long at(long ticket) {
        while (count > 1 && tickets[index(1)] <= ticket) {
            first = index(1);
            count--;
        }
        return nanos[first];
    }

    private int index(int i) {
        return (first + i) & (tickets.length - 1);
    }

    private void grow() {
        long[] moreTickets = new long[Math.max(2, 2 * count)];
        long[] moreNanos = new long[Math.max(2, 2 * count)];
        for (int i = 0; i < count; i++) {
            moreTickets[i] = tickets[index(i)];
            moreNanos[i] = nanos[index(i)];
        }
        tickets = moreTickets;
        nanos = moreNanos;
        first = 0;
    }
}
