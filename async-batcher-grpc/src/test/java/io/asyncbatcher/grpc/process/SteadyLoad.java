package io.asyncbatcher.grpc.process;

import io.asyncbatcher.BatchAbortedException;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.BatcherException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A caller that goes on and on, and keeps what became of each item. */
final class SteadyLoad {

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final BatcherClient<String, String> client;
    /** Of two loads and two workers none fills a queue with so many. */
    private static final int MOST_OPEN = 2_000;

    private final String prefix;
    private final Thread caller = new Thread(this::call, "load");
    private final Map<String, CompletableFuture<String>> open = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    private final AtomicLong right = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean ends;

    SteadyLoad(BatcherClient<String, String> client, String prefix) {
        this.client = client;
        this.prefix = prefix;
        caller.start();
    }

    private void call() {
        while (!ends) {
            if (open.size() >= MOST_OPEN) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue; // a busy machine is no fault: no queue is to be full
            }
            String item = prefix + sent.getAndIncrement();
            CompletableFuture<String> future = client.process(item);
            open.put(item, future);
            future.whenComplete((result, failure) -> {
                if (failure != null) {
                    failures.put(item, failure);
                } else {
                    (item.equals(result) ? right : wrong).incrementAndGet();
                }
                open.remove(item);
            });
            if (future.isDone()) {
                open.remove(item);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    long sent() {
        return sent.get();
    }

    long right() {
        return right.get();
    }

    long wrong() {
        return wrong.get();
    }

    Map<String, Throwable> failures() {
        return failures;
    }

    /** Items whose failure says that they have not run, though a worker has run them. */
    Set<String> lies(Set<String> ran) {
        Set<String> lies = ConcurrentHashMap.newKeySet();
        failures.forEach((item, failure) -> {
            if (failure instanceof BatcherException told && !told.mayHaveRun() && ran.contains(item)) {
                lies.add(item);
            }
        });
        return lies;
    }

    /** How many failed because their worker was lost. */
    long lost() {
        return failures.values().stream()
                .filter(BatchAbortedException.class::isInstance)
                .count();
    }

    @Override
    public String toString() {
        return sent + " sent, " + right + " right, " + wrong + " wrong, " + open.size() + " open, failures: "
                + failures.values().stream().limit(3).toList() + ", " + client;
    }

    /** No more items; waits until all have ended. */
    void end() throws InterruptedException {
        ends = true;
        caller.join();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!open.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(open.size() + " futures are open past their bound");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
