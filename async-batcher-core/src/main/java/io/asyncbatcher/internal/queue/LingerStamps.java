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

    private long[] stamps = NONE; // a ring of tickets, each with its nanos behind it
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void clear() {
        count = 0;
    }

    long lastTicket() {
        return stamps[index(count - 1)];
    }

    void add(long ticket, long nanoTime) {
        if (count == MOST) {
            stamps[index(count - 1)] = ticket; // those in between are taken for older than they are
            return;
        }
        if (2 * count == stamps.length) {
            grow();
        }
        count++;
        int last = index(count - 1);
        stamps[last] = ticket;
        stamps[last + 1] = nanoTime;
    }

    /** The stamp that holds for a ticket; forgets those before it. */
    long at(long ticket) {
        while (count > 1 && stamps[index(1)] <= ticket) {
            first = index(1);
            count--;
        }
        return stamps[first + 1];
    }

    private int index(int i) {
        return (first + 2 * i) & (stamps.length - 1);
    }

    private void grow() {
        long[] more = new long[Math.max(2, 2 * stamps.length)];
        for (int i = 0; i < count; i++) {
            more[2 * i] = stamps[index(i)];
            more[2 * i + 1] = stamps[index(i) + 1];
        }
        stamps = more;
        first = 0;
    }
}
