package io.asyncbatcher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A linked piece of the {@link Queue}: the slots of so many tickets. A slot goes from empty to an item, stored by the
 * thread that has the ticket, and from there to gone (under the engine's lock) or, once its batch has begun, to empty.
 */
final class Chunk implements Place {

    /** Slots of a chunk. */
    static final int SLOTS = 128;

    /** Slots of a queue's first chunk: most of thousands of batchers may be idle. */
    private static final int FIRST_SLOTS = 2;

    private static final int SPINS = 64;
    private static final long PAUSE_NANOS = 10_000;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle NEXT;
    private static final Object GONE = new Object();

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(Chunk.class, "next", Chunk.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The first ticket that has a slot here. */
    final long base;

    private final @Nullable Object[] slots;
    private int gone;
    private volatile @Nullable Chunk next;

    private Chunk(long base, int slots) {
        this.base = base;
        this.slots = new @Nullable Object[slots];
    }

    /** The chunk that a queue begins with. */
    static Chunk first() {
        return new Chunk(0, FIRST_SLOTS);
    }

    /** Whether a ticket comes after those that have a slot here. */
    boolean endsBefore(long ticket) {
        return ticket - base >= slots.length;
    }

    @Nullable
    Chunk next() {
        return next;
    }

    Chunk orNewNext() {
        Chunk following = next;
        if (following != null) {
            return following;
        }
        Chunk fresh = new Chunk(base + slots.length, SLOTS);
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
        SLOT.setRelease(slots, (int) (ticket - base), item);
    }

    /** The item of a ticket; null if it is not stored yet, or gone. */
    @Nullable
    Item<?, ?> get(long ticket) {
        return SLOT.getAcquire(slots, (int) (ticket - base)) instanceof Item<?, ?> item ? item : null;
    }

    boolean isGone(long ticket) {
        return SLOT.getAcquire(slots, (int) (ticket - base)) == GONE;
    }

    /** Marks the slot of an item: false if it has none here from a ticket on. */
    boolean markGone(Item<?, ?> item, long fromTicket) {
        for (int i = (int) Math.min(slots.length, Math.max(0, fromTicket - base)); i < slots.length; i++) {
            if (SLOT.getAcquire(slots, i) == item) {
                SLOT.setRelease(slots, i, GONE);
                gone++;
                return true;
            }
        }
        return false;
    }

    boolean isAllGone() {
        return gone == slots.length;
    }

    /**
     * Empties a ticket's slot and returns its item, or null if it is gone. An item that isn't stored yet is waited for:
     * its thread is between two instructions.
     */
    @Nullable
    Item<?, ?> take(long ticket) {
        int index = (int) (ticket - base);
        Object stored = SLOT.getAcquire(slots, index);
        for (int tries = 0; stored == null; tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            stored = SLOT.getAcquire(slots, index);
        }
        slots[index] = null;
        return stored instanceof Item<?, ?> item ? item : null;
    }
}
