package io.asyncbatcher.simulator;

import io.asyncbatcher.AsyncBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Continuations that wait for what another item of their batch leads to: on real threads, for the engine has to give up theirs. */
final class MatesRun {

    private static final long BOUND_SECONDS = 10;

    private final SplittableRandom random;

    MatesRun(long seed) {
        random = new SplittableRandom(seed);
    }

    /** What is wrong; null = nothing. */
    String run() throws InterruptedException {
        int size = 2 + random.nextInt(6);
        AtomicInteger given = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1); // until every continuation is there
        AsyncBatcher.Builder<Integer, Integer> builder = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    go.await();
                    return batch;
                })
                .maxBatchSize(size)
                .maxQueueTime(Duration.ofSeconds(5));
        if (random.nextInt(2) == 0) {
            builder.executor(task -> {
                Thread thread = new Thread(task, "given-" + given.incrementAndGet());
                thread.setDaemon(true);
                thread.start();
            });
        }
        AsyncBatcher<Integer, Integer> batcher = builder.build();
        try {
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                futures.add(batcher.process(i));
            }
            int waiting = random.nextInt(size);
            List<CompletableFuture<Integer>> derived = new ArrayList<>();
            futures.forEach(future -> derived.add(future.thenApply(value -> value + 1)));
            CompletableFuture<Void> waited = futures.get(waiting).thenAccept(value -> {
                for (int i = 0; i < size; i++) {
                    if (i != waiting) {
                        derived.get(i).join();
                    }
                }
            });
            go.countDown();
            waited.get(BOUND_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (TimeoutException late) {
            return "a continuation waits forever for another item of its batch of " + size;
        } catch (ExecutionException failure) {
            return "a continuation fails: " + failure.getCause();
        } finally {
            batcher.stop(true);
        }
    }
}
