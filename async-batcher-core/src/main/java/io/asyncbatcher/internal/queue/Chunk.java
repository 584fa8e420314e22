package io.asyncbatcher.internal.queue;

import io.asyncbatcher.internal.item.Item;
import io.asyncbatcher.internal.item.Position;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A linked piece of the {@link TicketQueue}: the cells of so many tickets. A cell goes from empty to an item, stored by the
 * thread that has the ticket, and from there to gone (under the engine's lock) or, once its batch has begun, to empty. A
 * thread that can't store its item any more leaves a hole there.
 */
public final class Chunk implements Position {

    /** Cells of a chunk. */
    public static final int CELLS = 128;

    /** Cells of a queue's first chunk: most of thousands of batchers may be idle. */
    private static final int FIRST_CELLS = 2;

    private static final int SPINS = 64;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle NEXT;
    private static final Object GONE = new Object();

    /** In a cell: its thread could not store its item. */
    static final Object HOLE = new Object();

    /** In place of an item: its thread has not stored it yet. */
    static final Object LATE = new Object();

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(Chunk.class, "next", Chunk.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The first ticket that has a cell here. */
    final long base;

    final @Nullable Object[] cells;
    private int gone;
    volatile @Nullable Chunk next;

    private Chunk(long base, int cells) {
        this.base = base;
        this.cells = new @Nullable Object[cells];
    }

    /** The chunk that a queue begins with. */
    static Chunk first() {
        return new Chunk(0, FIRST_CELLS);
    }

    /** Whether a ticket comes after those that have a cell here. */
    boolean endsBefore(long ticket) {
        return ticket - base >= cells.length;
    }

    Chunk orNewNext() {
        Chunk following = next;
        if (following != null) {
            return following;
        }
        Chunk fresh = new Chunk(base + cells.length, CELLS);
        Chunk witness = (Chunk) NEXT.compareAndExchange(this, null, fresh);
        return witness == null ? fresh : witness;
    }

    /** Links past following chunks in which every item is gone, but never past the last: threads may be about to store. */
    void unlinkNextIfGone() {
        Chunk following = next;
        for (Chunk after = following == null ? null : following.next;
                following != null && after != null && following.isAllGone();
                after = following.next) {
            next = after;
            following = after;
        }
    }

    void put(long ticket, Item<?, ?> item) {
        CELL.setRelease(cells, (int) (ticket - base), item);
    }

    /** The item of a ticket; null if it is not stored yet, or gone. */
    @Nullable
    Item<?, ?> get(long ticket) {
        return CELL.getAcquire(cells, (int) (ticket - base)) instanceof Item<?, ?> item ? item : null;
    }

    boolean isGone(long ticket) {
        return CELL.getAcquire(cells, (int) (ticket - base)) == GONE;
    }

    /** Whether an item has a cell here from a ticket on. */
    boolean contains(Item<?, ?> item, long fromTicket) {
        return indexOf(item, fromTicket) >= 0;
    }

    /** Marks the cell of an item: false if it has none here from a ticket on. */
    boolean markGone(Item<?, ?> item, long fromTicket) {
        int index = indexOf(item, fromTicket);
        if (index >= 0) {
            CELL.setRelease(cells, index, GONE);
            gone++;
        }
        return index >= 0;
    }

    private int indexOf(Item<?, ?> item, long fromTicket) {
        for (int i = (int) Math.min(cells.length, Math.max(0, fromTicket - base)); i < cells.length; i++) {
            if (CELL.getAcquire(cells, i) == item) {
                return i;
            }
        }
        return -1;
    }

    boolean isAllGone() {
        return gone == cells.length;
    }

    /**
     * Empties a ticket's cell and returns its item; null if it is gone, or if there is a hole. {@link #LATE} if it isn't
     * stored though it was waited for as long as takes its thread two instructions: that thread doesn't run, or has died.
     */
    @Nullable
    Object take(long ticket) {
        int index = (int) (ticket - base);
        Object stored = CELL.getAcquire(cells, index);
        for (int tries = 0; stored == null && tries < SPINS; tries++) {
            Thread.onSpinWait();
            stored = CELL.getAcquire(cells, index);
        }
        if (stored == null) {
            return LATE;
        }
        cells[index] = null;
        return stored instanceof Item<?, ?> item ? item : null;
    }
}
