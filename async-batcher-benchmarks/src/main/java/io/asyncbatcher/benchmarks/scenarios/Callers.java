package io.asyncbatcher.benchmarks.scenarios;

import io.asyncbatcher.benchmarks.peers.PeerAdapter;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Threads that each hand over one item, wait for its result, and begin again. */
final class Callers {

    /** The compilers may need so many times as long again until they rest. */
    private static final int LONGEST_WARM_UP = 8;

    /** How a caller's thread is started. */
    private final Consumer<Runnable> threads;

    private final int count;
    private final boolean timed;
    private final long longestPauseNanos;
    private final List<Caller> callers = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private volatile boolean over;

    private Callers(int count, boolean timed, long longestPauseNanos, Consumer<Runnable> threads) {
        this.count = count;
        this.timed = timed;
        this.longestPauseNanos = longestPauseNanos;
        this.threads = threads;
    }

    static Callers platform(int count, boolean timed) {
        return platform(count, timed, 0);
    }

    /** Callers that pause for a random time, up to the longest, before each call. */
    static Callers platform(int count, boolean timed, long longestPauseNanos) {
        return new Callers(count, timed, longestPauseNanos, body -> {
            Thread thread = new Thread(body, "caller");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** By reflection, as this is compiled for Java 17. */
    static Callers virtual(int count) {
        return new Callers(count, false, 0, body -> {
            try {
                var unused = Thread.class
                        .getMethod("startVirtualThread", Runnable.class)
                        .invoke(null, body);
            } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException none) {
                throw new IllegalStateException("virtual threads need Java 21", none);
            }
        });
    }

    static boolean virtualThreadsExist() {
        return Runtime.version().feature() >= 21;
    }

    /** Lets them call for so long and tells what came of it. Callers that still wait afterwards are stuck. */
    void run(
            PeerAdapter<Long, Long> adapter, long warmUpMillis, long millis, Runnable warm, Map<String, Double> metrics)
            throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Caller caller = new Caller(adapter, ended);
            callers.add(caller);
            threads.accept(caller);
        }
        Thread.sleep(warmUpMillis);
        Compilers.awaitRest(LONGEST_WARM_UP * warmUpMillis);
        latencies.begin();
        warm.run();
        long itemsBefore = items();
        long startNanos = System.nanoTime();
        Thread.sleep(millis);
        long items = items() - itemsBefore;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        over = true;
        boolean all = ended.await(3, TimeUnit.SECONDS);
        metrics.put("stuck", all ? 0.0 : (double) ended.getCount());
        metrics.put("itemsPerSecond", items / seconds);
        metrics.put("wrong", (double)
                callers.stream().filter(caller -> caller.wrong).count());
        metrics.put("failed", (double)
                callers.stream().filter(caller -> caller.failed).count());
        if (timed) {
            latencies.addTo(metrics);
        }
    }

    private long items() {
        return callers.stream().mapToLong(caller -> caller.items.get()).sum();
    }

    /** One of them. It ends when it gets a failure or the result of another item. */
    private final class Caller implements Runnable {

        private final PeerAdapter<Long, Long> adapter;
        private final CountDownLatch ended;
        private final AtomicLong items = new AtomicLong();
        private volatile boolean wrong;
        private volatile boolean failed;

        Caller(PeerAdapter<Long, Long> adapter, CountDownLatch ended) {
            this.adapter = adapter;
            this.ended = ended;
        }

        @Override
        public void run() {
            try {
                while (!over && !wrong) {
                    call();
                }
            } catch (RuntimeException failure) {
                failed = true;
                System.err.println("a caller gives up: " + failure);
            } finally {
                ended.countDown();
            }
        }

        private void call() {
            if (longestPauseNanos > 0) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longestPauseNanos));
            }
            long submitted = System.nanoTime();
            long result = adapter.process(submitted).join();
            wrong = result != submitted;
            if (timed) {
                latencies.record(System.nanoTime() - submitted);
            }
            items.lazySet(items.get() + 1);
        }
    }
}
