package io.asyncbatcher.benchmarks.scenarios;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** What the single operations cost of which the way of an item is made, in nanoseconds. */
final class OperationCosts {

    /** Adds between two looks at the clock. */
    private static final int ADDS = 1_000;

    /** Turns between two looks at the clock. */
    private static final int TURNS = 64;

    /** In the middle of an array, so that nothing else is on its cache line. */
    private static final int CELL = 32;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private OperationCosts() {}

    static Map<String, Double> run(long warmUpMillis, long millis) throws InterruptedException {
        measure(warmUpMillis / 4);
        return measure(millis);
    }

    private static Map<String, Double> measure(long millis) throws InterruptedException {
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("addNanos", add(1, millis));
        metrics.put("contendedAddNanos", add(2, millis));
        takeTurns(millis, false, "handOver", metrics);
        takeTurns(millis, true, "wakeUp", metrics);
        return metrics;
    }

    /** The time from one atomic add to the next, of several threads that add to the same number. */
    private static double add(int threads, long millis) throws InterruptedException {
        AtomicLongArray number = new AtomicLongArray(2 * CELL);
        long startNanos = System.nanoTime();
        together(threads, thread -> {
            do {
                for (int i = 0; i < ADDS; i++) {
                    number.getAndIncrement(CELL);
                }
            } while (isBefore(startNanos, millis));
        });
        return (double) (System.nanoTime() - startNanos) / number.get(CELL);
    }

    /**
     * Two threads take turns, each waiting for the other's write, by looking again or by parking: the time of a turn, and
     * the processor time of both.
     */
    private static void takeTurns(long millis, boolean parking, String name, Map<String, Double> metrics)
            throws InterruptedException {
        AtomicLongArray turn = new AtomicLongArray(2 * CELL);
        AtomicLong turns = new AtomicLong();
        AtomicLong cpuNanos = new AtomicLong();
        Thread[] threads = new Thread[2];
        long startNanos = System.nanoTime();
        together(threads, number -> {
            long mine = number;
            long done;
            do {
                while (turn.get(CELL) < mine) {
                    if (parking) {
                        LockSupport.park(turn);
                    }
                }
                boolean over = turn.get(CELL) > mine || (mine % TURNS == 0 && !isBefore(startNanos, millis));
                turn.lazySet(CELL, over ? Long.MAX_VALUE : mine + 1);
                if (parking) {
                    LockSupport.unpark(threads[1 - number]);
                }
                done = mine;
                mine = over ? -1 : mine + 2;
            } while (mine >= 0);
            turns.accumulateAndGet(done, Math::max);
            cpuNanos.addAndGet(THREADS.getCurrentThreadCpuTime());
        });
        metrics.put(name + "Nanos", (double) (System.nanoTime() - startNanos) / turns.get());
        metrics.put(name + "CpuNanos", (double) cpuNanos.get() / turns.get());
    }

    private static boolean isBefore(long startNanos, long millis) {
        return System.nanoTime() - startNanos < millis * 1_000_000;
    }

    /** What a thread does, by its number. */
    private interface Body {
        void run(int number);
    }

    private static void together(int threads, Body body) throws InterruptedException {
        together(new Thread[threads], body);
    }

    private static void together(Thread[] threads, Body body) throws InterruptedException {
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            threads[i] = new Thread(() -> body.run(number), "operations");
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
