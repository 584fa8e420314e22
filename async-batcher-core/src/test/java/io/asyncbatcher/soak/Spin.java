package io.asyncbatcher.soak;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do, without the cost of waking a thread. */
final class Spin {

    private static final int SPINS = 100;
    private static final int YIELDS = 20;
    private static final long SLEEP_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private Spin() {}

    /** Spins, then yields, because there may be fewer cores than threads, then sleeps. */
    @SuppressWarnings("ThreadPriorityCheck") // for yield: it is about speed only
    static void until(BooleanSupplier condition) {
        for (int i = 0; i < SPINS; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.onSpinWait();
        }
        for (int i = 0; i < YIELDS; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.yield();
        }
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LONGEST_NANOS) {
                throw new IllegalStateException("Another thread didn't go on for a minute");
            }
            LockSupport.parkNanos(SLEEP_NANOS);
        }
    }

    static void times(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }
}
