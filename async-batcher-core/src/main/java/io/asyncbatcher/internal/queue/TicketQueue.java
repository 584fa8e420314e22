package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Queued items in the order of their submission, with their number counted.
 *
 * <p>A submitting thread takes a ticket by one atomic add and stores its item in the ticket's cell of a linked chunk; it
 * holds no lock (after the linked arrays of Morrison and Afek's LCRQ, without its ring). The two marks tell it whether
 * it has to look in at the engine: the ticket {@link #wakeAt} changes something there, a ticket from {@link #limit} on
 * has no room. Everything else is done under the engine's lock.
 *
 * <p>The items that are queued have tickets from {@code head} to {@code tail}, less those in between that are gone:
 * cancelled, expired or rejected. Room is taken with a ticket, and given back by leaving for a batch or by being gone,
 * so room for {@code tail - released} items is taken and {@code released - head} tickets are gone.
 *
 * <p>A mark is written before the tail is read again, and read after the ticket was taken, so either the submitting
 * thread sees the new mark or the writer sees its ticket (Dekker's argument on two volatile variables).
 */
public final class TicketQueue<T, R extends @Nullable Object> extends TicketMarks {

    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(TicketMarks.class, "tail", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private long head;
    private long released;
    private long emptyAt;
    private Chunk headChunk;

    public TicketQueue() {
        super(Chunk.first());
        headChunk = tailChunk;
    }

    /** Stores an item, from any thread, and returns its ticket. An item that this throws an error for is not queued. */
    public long add(Item<T, R> item) {
        Chunk chunk = tailChunk; // read before the ticket is taken, so it can't be past the ticket's own chunk
        long ticket = (long) TAIL.getAndAdd(this, 1L);
        try {
            while (chunk.endsBefore(ticket)) {
                chunk = chunk.orNewNext();
                tailChunk = chunk;
            }
            item.position = chunk;
            chunk.put(ticket, item);
        } catch (Throwable failure) {
            // the stack or the heap is full, so nothing is called or allocated here
            for (Chunk at = chunk; at != null; at = at.next) {
                long index = ticket - at.base;
                if (index < at.cells.length) {
                    at.cells[(int) index] = Chunk.HOLE;
                    break;
                }
            }
            closed = true; // a volatile write makes the hole visible, and the next item comes to the engine
            throw failure;
        }
        return ticket;
    }

    /** Sets the marks; true if a ticket has passed {@code newWakeAt} unseen. */
    boolean mark(long newLimit, boolean newClosed, long newWakeAt) {
        limit = newLimit;
        closed = newClosed;
        wakeAt = newWakeAt;
        return tail > newWakeAt;
    }

    /** Sends every thread that takes a ticket from now on, or asks before, to the engine. */
    void rejectAll() {
        closed = true;
        limit = Long.MIN_VALUE;
        wakeAt = Long.MAX_VALUE;
    }

    long head() {
        return head;
    }

    /** The oldest item; null if there is none, or if its thread is just about to store it. */
    @Nullable
    Item<?, ?> first() {
        return released == tail ? null : chunkOf(head).get(head);
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

    /** Queued items, with those that are still to be rejected because they found no room. */
    long size() {
        return tail - released;
    }

    /** Whether the ticket's item has not left for a batch. */
    boolean holds(long ticket) {
        return ticket >= head;
    }

    /** Takes one item out of the middle: false if it isn't queued any more. */
    boolean remove(Item<T, R> item) {
        if (!(item.position instanceof Chunk chunk) || !chunk.markGone(item, head)) {
            return false;
        }
        item.position = null;
        released++;
        if (chunk.isAllGone()) {
            unlinkGone();
        }
        headChunk = chunkOf(head);
        head = passGone(0, tail);
        skipIfEmpty();
        return true;
    }

    /** Whether an item is queued. */
    boolean contains(Item<?, ?> item) {
        return item.position instanceof Chunk chunk && chunk.contains(item, head);
    }

    /** Entries, and behind them all that is queued here, to be looked at. */
    UpNext<T, R> behind(Iterator<Entry<T, R>> entries) {
        return new UpNext<>(entries, chunkOf(head), head, tail);
    }

    /** Takes the oldest items, at most {@code max} of them. */
    Load<T, R> take(long max) {
        Load<T, R> load = new Load<>();
        take(max, load);
        return load;
    }

    /** Takes the oldest items, at most {@code max} of them, for a load; where memory is short, all of that or nothing. */
    void take(long max, Load<T, R> load) {
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
        load.add(headChunk, from, end, (int) Math.min(released - releasedBefore, Integer.MAX_VALUE));
    }

    /** Counts {@code max} items and returns the ticket of the next one that stays: cells that are gone are passed. */
    private long passGone(long max, long tail) {
        Chunk chunk = headChunk;
        long ticket = head;
        long taken = 0;
        while (ticket < tail) {
            if (chunk.endsBefore(ticket)) {
                chunk = chunk.orNewNext();
                ticket = Math.max(ticket, chunk.base);
                continue;
            }
            if (!chunk.isGone(ticket)) {
                if (taken == max) {
                    break;
                }
                taken++;
            }
            ticket++;
        }
        released += taken;
        return Math.min(ticket, tail);
    }

    private void skipIfEmpty() {
        long end = tail;
        if (released == end) {
            head = end;
            emptyAt = end;
        }
    }

    /** The first linked chunk that doesn't end before a ticket. */
    private Chunk chunkOf(long ticket) {
        Chunk chunk = headChunk;
        while (chunk.endsBefore(ticket)) {
            chunk = chunk.orNewNext();
        }
        return chunk;
    }

    /** Lets chunks go in which every item is gone, so that an old item at the head doesn't keep all that came after. */
    private void unlinkGone() {
        for (Chunk chunk = chunkOf(head); chunk != null; chunk = chunk.next) {
            chunk.unlinkNextIfGone();
        }
    }

    /** Linked chunks, for tests. */
    int chunks() {
        int chunks = 0;
        for (Chunk chunk = chunkOf(head); chunk != null; chunk = chunk.next) {
            chunks++;
        }
        return chunks;
    }
}
