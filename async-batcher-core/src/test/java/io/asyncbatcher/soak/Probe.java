package io.asyncbatcher.soak;

import java.util.concurrent.atomic.AtomicInteger;

/** An item that knows how often the processor was called with it. */
final class Probe {

    private static final int MUST_NOT_RUN = 1;

    final int number;
    private final AtomicInteger runs = new AtomicInteger();

    Probe(int number) {
        this.number = number;
    }

    /** Called by the processor: false if it was called with the item before, or if the item must not run. */
    boolean run() {
        return runs.incrementAndGet() == 1;
    }

    boolean hasRun() {
        return runs.get() > 0;
    }

    /** From here on the item must not run: false if it has. */
    boolean forbid() {
        return runs.compareAndSet(0, MUST_NOT_RUN);
    }
}
