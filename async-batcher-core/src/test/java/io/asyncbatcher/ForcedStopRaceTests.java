package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A forced stop while other threads go on submitting. */
@Timeout(600)
class ForcedStopRaceTests {

    private static final int ROUNDS = Integer.getInteger("races", 10_000) / 50;

    @Test
    void everySubmissionIsSettledThoughTheProcessorNeverReturns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        forceAmongSubmissions(AsyncBatcher.<Integer, Integer>builder(batch -> {
            ByHand.await(end);
            return batch;
        }));
        end.countDown();
    }

    /** Nobody settles a batch that is dispatched after the stop. */
    @Test
    void everySubmissionIsSettledThoughTheExecutorDropsItsBatches() throws Exception {
        forceAmongSubmissions(
                AsyncBatcher.<Integer, Integer>builder(batch -> batch).executor(task -> {}));
    }

    private static void forceAmongSubmissions(AsyncBatcher.Builder<Integer, Integer> builder) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AsyncBatcher<Integer, Integer> batcher = builder.maxQueueSize(-1).build();
            AtomicBoolean go = new AtomicBoolean(true);
            List<CompletableFuture<List<CompletableFuture<Integer>>>> submitters = IntStream.range(0, 2)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> submitUntilRejected(batcher, go), task -> new Thread(task).start()))
                    .toList();
            while (batcher.snapshot().queued() < 200) {
                Thread.onSpinWait();
            }

            batcher.stop(true).get(20, SECONDS);

            go.set(false);
            for (CompletableFuture<List<CompletableFuture<Integer>>> submitter : submitters) {
                assertThat(submitter.get(20, SECONDS)).allMatch(CompletableFuture::isDone);
            }
        }
    }

    private static List<CompletableFuture<Integer>> submitUntilRejected(
            AsyncBatcher<Integer, Integer> batcher, AtomicBoolean go) {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        while (go.get()) {
            CompletableFuture<Integer> future = batcher.process(1);
            futures.add(future);
            if (futures.size() >= 1_000) {
                LockSupport.parkNanos(1); // so that the stop comes before there are a million
            }
            if (ByHand.failure(future) instanceof BatcherStoppedException) {
                break;
            }
        }
        return futures;
    }
}
