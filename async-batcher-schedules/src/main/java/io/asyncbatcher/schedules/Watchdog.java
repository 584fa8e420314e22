package io.asyncbatcher.schedules;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Ends the run where a schedule doesn't get on. Fray finds deadlocks; this is for threads that run for ever, and for what
 * Fray itself may miss.
 */
final class Watchdog implements LongConsumer {

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long RESTING = -1;
    private static final long ENDED = -2;

    private final LongConsumer stuck;
    private volatile long seed = RESTING;

    /** With what is to be done of a schedule's seed that doesn't end. */
    Watchdog(LongConsumer stuck) {
        this.stuck = stuck;
        Thread watching = new Thread(this::watch, "watchdog");
        watching.setDaemon(true);
        watching.start();
    }

    /** A schedule begins. */
    @Override
    public void accept(long seed) {
        this.seed = seed;
    }

    /** No further schedule begins. */
    void end() {
        seed = ENDED;
    }

    private void watch() {
        long seen = RESTING;
        for (long waited = 0; waited < PATIENCE_NANOS; waited += TimeUnit.SECONDS.toNanos(1)) {
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException end) {
                return;
            }
            if (seed == ENDED) {
                return;
            }
            if (seed == RESTING || seed != seen) {
                seen = seed;
                waited = 0;
            }
        }
        System.out.println("The schedule of seed " + seen + " doesn't end. Its threads:");
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            System.out.println(thread.getKey());
            for (StackTraceElement frame : thread.getValue()) {
                System.out.println("    at " + frame);
            }
        }
        stuck.accept(seen);
    }
}
