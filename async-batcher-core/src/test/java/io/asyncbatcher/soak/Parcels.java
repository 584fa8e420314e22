package io.asyncbatcher.soak;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The items of one producer, numbered from zero, and which of the last of them have run. An item is a {@code Long} that
 * tells producer and number; its checksum is what the processor returns for it.
 */
final class Parcels {

    /** How many items are remembered: many more than a producer has open. */
    private static final int REMEMBERED = 1 << 14;

    private static final int NUMBER_BITS = 48;

    private final long first;
    private final AtomicLongArray noted = new AtomicLongArray(REMEMBERED);

    Parcels(int producer) {
        first = (long) producer << NUMBER_BITS;
        for (int i = 0; i < REMEMBERED; i++) {
            noted.setPlain(i, -1);
        }
    }

    static int producer(long item) {
        return (int) (item >>> NUMBER_BITS);
    }

    /** The checksum of an item: the finisher of MurmurHash3. */
    static long checksum(long item) {
        long mixed = (item ^ (item >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    long item(long number) {
        return first | number;
    }

    /**
     * Notes that an item runs, or that from here on it must not: false if that is noted already. A cancelled item may run
     * so late that a later one has its place here; then nothing is noted.
     */
    boolean note(long item) {
        long number = item - first;
        int index = index(number);
        long before = noted.get(index);
        while (before < number) {
            long witness = noted.compareAndExchange(index, before, number);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        return before != number;
    }

    boolean isNoted(long item) {
        return noted.get(index(item - first)) == item - first;
    }

    private static int index(long number) {
        return (int) number & (REMEMBERED - 1);
    }
}
