package io.asyncbatcher.simulator;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Other threads, for which the one that moves the world waits. */
final class Aside {

    static final String NAME = "simulator-aside";
    private static final long BOUND_SECONDS = 5;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, NAME);
        thread.setDaemon(true);
        return thread;
    });

    private Aside() {}

    static void run(World world, String rule, Runnable work) {
        CountDownLatch done = new CountDownLatch(1);
        THREADS.execute(() -> {
            try {
                work.run();
            } catch (Throwable thrown) {
                world.broken("nothing is thrown to callers", thrown + " by " + rule);
            } finally {
                if (Thread.interrupted()) {
                    world.broken("an interrupt reaches nobody else", "set after " + rule);
                }
                done.countDown();
            }
        });
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (true) {
            try {
                if (!done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    world.broken(rule, "another thread waits forever");
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
