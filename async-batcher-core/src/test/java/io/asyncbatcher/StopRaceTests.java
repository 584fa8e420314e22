package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight submitting threads meet a stop, over and over. */
@Timeout(600)
class StopRaceTests {

    private static final int ROUNDS = Integer.getInteger("races", 10_000) / 2;
    private static final int SUBMITTERS = 8;
    private static final int ITEMS = 3;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("Promise 1: whenever stop comes, each item is refused, aborted or run exactly once, and stop ends")
    void eachItemEndsExactlyOnce(boolean force) throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    runs.addAndGet(batch.size());
                    return batch;
                })
                .maxBatchSize(4)
                .maxQueueTime(Duration.ofMillis(1))
                .concurrency(2)
                .build();
        CyclicBarrier barrier = new CyclicBarrier(SUBMITTERS + 1);
        ExecutorService submitters = Executors.newFixedThreadPool(SUBMITTERS);
        List<Future<List<CompletableFuture<Integer>>>> rounds = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                rounds.clear();
                runs.set(0);
                for (int i = 0; i < SUBMITTERS; i++) {
                    rounds.add(submitters.submit(() -> {
                        List<CompletableFuture<Integer>> futures = new ArrayList<>();
                        barrier.await();
                        for (int item = 0; item < ITEMS; item++) {
                            futures.add(batcher.process(item));
                        }
                        return futures;
                    }));
                }
                barrier.await();
                for (int spin = round % 64; spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                batcher.stop(force).get(20, SECONDS);
                check(rounds, runs, force);
                batcher.start();
            }
        } finally {
            submitters.shutdownNow();
        }
    }

    private static void check(List<Future<List<CompletableFuture<Integer>>>> rounds, AtomicInteger runs, boolean force)
            throws Exception {
        int succeeded = 0;
        int mayHaveRun = 0;
        for (Future<List<CompletableFuture<Integer>>> submitter : rounds) {
            int item = 0;
            for (CompletableFuture<Integer> future : submitter.get(20, SECONDS)) {
                assertThat(future).isDone();
                Throwable failure = ByHand.failure(future);
                if (failure == null) {
                    assertThat(future.join()).isEqualTo(item);
                    succeeded++;
                } else if (failure instanceof BatcherException rejected && rejected.mayHaveRun()) {
                    assertThat(failure).isInstanceOf(BatchAbortedException.class);
                    mayHaveRun++;
                } else {
                    assertThat(failure).isInstanceOf(BatcherStoppedException.class);
                }
                item++;
            }
        }
        if (!force) {
            assertThat(mayHaveRun).isZero();
            assertThat(runs).hasValue(succeeded);
        } else {
            assertThat(runs.get()).isBetween(succeeded, succeeded + mayHaveRun);
        }
    }
}
