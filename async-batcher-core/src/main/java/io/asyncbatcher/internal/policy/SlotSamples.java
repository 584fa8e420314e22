package io.asyncbatcher.internal.policy;

import java.util.function.DoubleUnaryOperator;

/** How long batches have taken of late with a number of slots. */
final class SlotSamples {

    private static final int KEPT = 20;

    private int slots;
    private int count;
    private double nanos;
    private double items;

    SlotSamples(int slots) {
        this.slots = slots;
    }

    /** Nothing is known of a number of slots. */
    void begin(int slots) {
        this.slots = slots;
        count = 0;
        nanos = 0;
        items = 0;
    }

    void take(SlotSamples other) {
        slots = other.slots;
        count = Math.min(other.count, KEPT);
        nanos = other.nanos;
        items = other.items;
    }

    void add(int size, double tookNanos) {
        count = Math.min(count + 1, Math.max(KEPT, 2 * slots));
        nanos += (tookNanos - nanos) / count;
        items += (size - items) / count;
    }

    int slots() {
        return slots;
    }

    int count() {
        return count;
    }

    /** How many times as long they took as expected; 1 while there are none. */
    double slowness(DoubleUnaryOperator expected) {
        return count == 0 ? 1 : Math.max(1, nanos) / Math.max(1, expected.applyAsDouble(items));
    }
}
