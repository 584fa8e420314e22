package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that run a batch at once, on the thread that hands it over. */
@Timeout(60)
class DirectExecutorTests {

    @Test
    void aMillionBatchesOnTheCallersThreadNeedNoDeepStack() {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .maxQueueSize(-1)
                .executor(Runnable::run)
                .build();
        batcher.pause();
        IntStream.range(0, 1_000_000).forEach(batcher::process);

        batcher.resume();

        ByHand.await(() -> batcher.snapshot().dispatches().get(DispatchReason.FULL) == 1_000_000);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void twoBatchersThatFeedEachOtherOnTheCallersThreadNeedNoDeepStack() {
        AtomicInteger turns = new AtomicInteger();
        AsyncBatcher<?, ?>[] both = new AsyncBatcher<?, ?>[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both[i] = AsyncBatcher.<Integer, Integer>builder(batch -> {
                        if (turns.incrementAndGet() < 100_000) {
                            @SuppressWarnings("unchecked")
                            AsyncBatcher<Integer, Integer> next = (AsyncBatcher<Integer, Integer>) both[other];
                            next.process(turns.get());
                        }
                        return batch;
                    })
                    .maxBatchSize(1)
                    .executor(Runnable::run)
                    .build();
        }
        @SuppressWarnings("unchecked")
        AsyncBatcher<Integer, Integer> first = (AsyncBatcher<Integer, Integer>) both[0];

        assertThat(first.process(0)).isCompletedWithValue(0);

        ByHand.await(() -> turns.get() == 100_000); // another thread goes on where this one has stood still for long
    }

    @Test
    void longChainsOfContinuationsNeedNoDeepStack() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .executor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build();
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Thread running = new Thread(() -> link(batcher, 20_000, end));
        running.start();

        assertThat(end.get(30, SECONDS)).isZero();
    }

    /** The next load is submitted by the continuation of the last, which is there before the last can end. */
    private static void link(AsyncBatcher<Integer, Integer> batcher, int left, CompletableFuture<Integer> end) {
        batcher.pause();
        CompletableFuture<Integer> loaded = batcher.process(left);
        loaded.thenAccept(value -> {
            if (value == 0) {
                end.complete(0);
            } else {
                link(batcher, value - 1, end);
            }
        });
        batcher.resume();
    }

    @Test
    void aContinuationThatBlocksDoesNotHoldUpTheNextBatch() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch nextRan = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        ByHand.await(first);
                    } else {
                        nextRan.countDown();
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();
        batcher.pause();
        CompletableFuture<Integer> one = batcher.process(1);
        CompletableFuture<Void> continued = one.thenRun(() -> ByHand.await(nextRan));
        Thread running = new Thread(batcher::resume);
        running.start();
        batcher.process(2);

        first.countDown();

        continued.get(20, SECONDS);
        running.join(20_000);
    }

    @Test
    void aBatcherInsideAnothersContinuationMayWaitForTheOther() throws Exception {
        AtomicReference<AsyncBatcher<Integer, Integer>> outer = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> inner = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    outer.get().process(99).get(20, SECONDS);
                    return batch;
                })
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build();
        outer.set(AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .executor(Runnable::run)
                .build());
        outer.get().pause();
        CompletableFuture<Integer> chained = outer.get().process(1).thenCompose(inner::process);
        outer.get().process(2);

        Thread running = new Thread(outer.get()::resume);
        running.start();

        assertThat(chained.get(20, SECONDS)).isEqualTo(1);
        running.join(20_000);
    }

    @Test
    void theFailureOfABatchIsNotTakenForThatOfTheNextOnItsThread() {
        ByHand hand = new ByHand();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new Poisoned(batch);
                })
                .maxBatchSize(2)
                .executor(Runnable::run)
                .build();
        batcher.pause();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);

        batcher.resume();

        assertThat(futures)
                .extracting(future -> ((Poisoned) ByHand.failure(future)).batch)
                .containsExactly(List.of(1, 2), List.of(1, 2), List.of(3, 4), List.of(3, 4));
    }
}
