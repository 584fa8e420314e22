package io.asyncbatcher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Queued items in the order of their submission, with their places counted.
 *
 * <p>A submitting thread takes a ticket by one atomic add and stores its item in the ticket's slot of a linked chunk; it
 * holds no lock (after the linked arrays of Morrison and Afek's LCRQ, without its ring). The two marks tell it whether
 * it has to look in at the engine: the ticket {@link #wakeAt} changes something there, a ticket from {@link #limit} on
 * has no place. Everything else is done under the engine's lock: {@code head} is the next ticket to leave,
 * {@code released} the number of places given back so far. Tickets from head to tail whose slot is {@link #GONE} belong
 * to items that were cancelled, expired or refused: there are {@code released - head} of them.
 *
 * <p>A mark is written before the tail is read again, and read after the ticket was taken, so either the submitting
 * thread sees the new mark or the writer sees its ticket (Dekker's argument on two volatile variables). A ticket whose
 * item isn't stored yet is the only thing that is ever spun for: its thread is between two instructions.
 */
final class Queue<T, R extends @Nullable Object> extends QueueMarks {

    /** Slots of a chunk. */
    static final int CHUNK = 64;

    private static final VarHandle TAIL;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final Object GONE = new Object();

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(QueueMarks.class, "tail", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private long head;
    private long released;
    private long emptyAt;
    private Chunk headChunk;

    Queue() {
        super(new Chunk(0));
        headChunk = tailChunk;
    }

    /** Stores an item, from any thread, and returns its ticket. */
    long add(Item<T, R> item) {
        Chunk chunk = tailChunk; // read before the ticket is taken, so it can't be past the ticket's own chunk
        long ticket = (long) TAIL.getAndAdd(this, 1L);
        while (ticket - chunk.base >= CHUNK) {
            chunk = chunk.orNewNext();
            tailChunk = chunk;
        }
        item.chunk = chunk;
        SLOT.setRelease(chunk.slots, (int) (ticket - chunk.base), item);
        return ticket;
    }

    /** Sends every thread that takes a ticket from now on, or asks before, to the engine. */
    void refuseAll() {
        closed = true;
        limit = Long.MIN_VALUE;
    }

    long head() {
        return head;
    }

    long tail() {
        return tail;
    }

    long released() {
        return released;
    }

    /** The last ticket at which the queue was known to be empty: no item from before it is queued. */
    long emptyAt() {
        return emptyAt;
    }

    /** Queued items, with those that are still to be refused because they found no place. */
    long size() {
        return tail - released;
    }

    /** Whether the ticket's item is still queued. */
    boolean holds(long ticket) {
        return ticket >= head;
    }

    /** Takes one item out of the middle: false if it isn't queued any more. */
    boolean remove(Item<T, R> item) {
        Chunk chunk = item.chunk;
        if (chunk == null) {
            return false;
        }
        for (int i = (int) Math.min(CHUNK, Math.max(0, head - chunk.base)); i < CHUNK; i++) {
            if (SLOT.getAcquire(chunk.slots, i) == item) {
                SLOT.setRelease(chunk.slots, i, GONE);
                item.chunk = null;
                released++;
                if (++chunk.gone == CHUNK) {
                    unlinkGone();
                }
                headChunk = chunkOf(head);
                head = passGone(0, tail);
                skipIfEmpty();
                return true;
            }
        }
        return false;
    }

    /** Takes the oldest items, at most {@code max} of them. */
    Tickets<T, R> take(long max) {
        long from = head;
        long releasedBefore = released;
        long end = tail;
        headChunk = chunkOf(from);
        if (released == head) {
            end = end - from <= max ? end : from + max;
            released += end - from;
        } else {
            end = passGone(max, end);
        }
        head = end;
        skipIfEmpty();
        return new Tickets<>(headChunk, from, end, (int) Math.min(released - releasedBefore, Integer.MAX_VALUE));
    }

    /** Counts {@code max} places and returns the ticket of the next item that stays: slots that are gone are passed. */
    private long passGone(long max, long tail) {
        Chunk chunk = headChunk;
        long ticket = head;
        for (long taken = 0; ticket < tail; ) {
            if (ticket - chunk.base >= CHUNK) {
                chunk = chunk.orNewNext();
                ticket = Math.max(ticket, chunk.base);
                continue;
            }
            if (SLOT.getAcquire(chunk.slots, (int) (ticket - chunk.base)) != GONE) {
                if (taken == max) {
                    break;
                }
                taken++;
                released++;
            }
            ticket++;
        }
        return Math.min(ticket, tail);
    }

    private void skipIfEmpty() {
        long end = tail;
        if (released == end) {
            head = end;
            emptyAt = end;
        }
    }

    /** The first linked chunk that ends after a ticket. */
    private Chunk chunkOf(long ticket) {
        Chunk chunk = headChunk;
        while (ticket - chunk.base >= CHUNK) {
            chunk = chunk.orNewNext();
        }
        return chunk;
    }

    /**
     * Lets chunks go in which every item is gone, so that a long-lived item at the head doesn't keep all that came after.
     * The last chunk stays: threads may be about to store into it.
     */
    private void unlinkGone() {
        Chunk chunk = chunkOf(head);
        for (Chunk next = chunk.next; next != null && next.next != null; next = chunk.next) {
            if (next.gone == CHUNK) {
                chunk.next = next.next;
            } else {
                chunk = next;
            }
        }
    }

    /** Linked chunks, for tests. */
    int chunks() {
        int chunks = 1;
        for (Chunk chunk = chunkOf(head); chunk.next != null; chunk = chunk.orNewNext()) {
            chunks++;
        }
        return chunks;
    }

    /** A linked piece of the queue. Slots go from null to an item, and on to null or {@link Queue#GONE}. */
    static final class Chunk {

        private static final VarHandle NEXT;

        static {
            try {
                NEXT = MethodHandles.lookup().findVarHandle(Chunk.class, "next", Chunk.class);
            } catch (ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }

        final long base;
        final @Nullable Object[] slots = new @Nullable Object[CHUNK];
        int gone;
        volatile @Nullable Chunk next;

        Chunk(long base) {
            this.base = base;
        }

        Chunk orNewNext() {
            Chunk following = next;
            if (following != null) {
                return following;
            }
            Chunk fresh = new Chunk(base + CHUNK);
            Chunk witness = (Chunk) NEXT.compareAndExchange(this, null, fresh);
            return witness == null ? fresh : witness;
        }
    }

    /** Items that have left the queue for a batch but not their slots yet. Read by one thread at a time. */
    static final class Tickets<T, R extends @Nullable Object> {

        private @Nullable Chunk chunk; // null once empty, or a batch that hangs would keep all that came after it
        private long ticket;
        private final long end;
        private final int size;

        Tickets(Chunk chunk, long from, long end, int size) {
            this.chunk = chunk;
            this.ticket = from;
            this.end = end;
            this.size = size;
        }

        /** The number of items. */
        int size() {
            return size;
        }

        /** The next item, cleared from its slot, or null after the last. Waits for one that is just being stored. */
        @Nullable
        Item<T, R> poll() {
            for (Chunk at = chunk; at != null && ticket < end; ) {
                if (ticket - at.base >= CHUNK) {
                    at = at.orNewNext();
                    chunk = at;
                    ticket = Math.max(ticket, at.base);
                    continue;
                }
                int index = (int) (ticket++ - at.base);
                Object stored = await(at.slots, index);
                at.slots[index] = null;
                if (stored != GONE) {
                    @SuppressWarnings("unchecked") // only add() stores
                    Item<T, R> item = (Item<T, R>) stored;
                    return item;
                }
            }
            chunk = null;
            return null;
        }

        /** How many of the items are not settled; they stay where they are. */
        int unsettled() {
            int count = 0;
            Chunk at = chunk;
            for (long t = ticket; at != null && t < end; t++) {
                while (t - at.base >= CHUNK) {
                    at = at.orNewNext();
                }
                if (t >= at.base && SLOT.getAcquire(at.slots, (int) (t - at.base)) instanceof Item<?, ?> item) {
                    count += item.isDone() ? 0 : 1;
                }
            }
            return count;
        }

        private static Object await(@Nullable Object[] slots, int index) {
            for (int tries = 0; ; tries++) {
                Object stored = SLOT.getAcquire(slots, index);
                if (stored != null) {
                    return stored;
                }
                if (tries < 64) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(10_000);
                }
            }
        }
    }
}

/** Keeps the marks off the cache line of what lies before them. */
@SuppressWarnings("unused")
abstract class QueuePadding {
    private long p0, p1, p2, p3, p4, p5, p6;
}

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
    volatile Queue.Chunk tailChunk;

    QueueMarks(Queue.Chunk firstChunk) {
        tailChunk = firstChunk;
    }
}
