package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reported items whose settlement has not begun, because the thread for it is late: how the call ends must not change them. */
class StreamingLateTests {

    private final Streaming streaming = new Streaming();
    private final ByHand hand = streaming.hand;
    private final List<Runnable> offloaded = new ArrayList<>();
    private List<CompletableFuture<Integer>> futures;
    private int clockErrors;

    /** Throws an error so many times, and offloads nothing by itself. */
    private final TimeSource late = new ForwardingTime(hand.offloadingTo(offloaded)) {
        @Override
        public long nanoTime() {
            if (clockErrors > 0) {
                clockErrors--;
                throw new InternalError("thrown by a test");
            }
            return super.nanoTime();
        }
    };

    @AfterEach
    void forgetInterrupt() {
        boolean unused = Thread.interrupted(); // a batch that is given up interrupts its thread
    }

    private AsyncBatcher<Integer, Integer> begun(AsyncBatcher.Builder<Integer, Integer> builder) {
        AsyncBatcher<Integer, Integer> batcher = builder.time(late).build();
        futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        return batcher;
    }

    /** Runs what was left to other threads, the latest first. */
    private void runOffloaded() {
        while (!offloaded.isEmpty()) {
            offloaded.remove(offloaded.size() - 1).run();
        }
    }

    @Test
    void aForcedStopDeliversThem() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async());
        streaming.last().success(1, 4);
        streaming.last().failure(2, new IllegalStateException("reported"));
        assertThat(futures.get(1)).isNotDone();

        CompletableFuture<Void> stopped = batcher.stop(true);
        runOffloaded();

        assertThat(stopped).isCompleted();
        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(ByHand.failure(futures.get(2))).hasMessage("reported");
        assertThat(ByHand.failure(futures.get(0))).isInstanceOf(BatchAbortedException.class);
    }

    @Test
    void aBatchTimeoutOfALaterHalfDeliversThem() {
        begun(streaming
                .builder((batch, results) -> {
                    if (batch.size() == 4) {
                        results.success(0, 2);
                        results.success(3, 8);
                        throw new Poisoned(batch);
                    }
                    hand.time.advanceMillis(50);
                })
                .isolateFailures(failure -> true)
                .batchTimeout(Duration.ofMillis(50)));

        runOffloaded();

        assertThat(hand.batches.get(1)).isSubsetOf(2, 3);
        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.get(3)).isCompletedWithValue(8);
    }

    @Test
    void theyAreInNoHalf() {
        begun(streaming
                .builder((batch, results) -> {
                    if (batch.size() == 4) {
                        results.success(1, 4);
                        throw new Poisoned(batch);
                    }
                    Streaming.succeed(batch, results, 0, batch.size());
                })
                .isolateFailures(failure -> true));

        runOffloaded();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4), List.of(1), List.of(3, 4));
        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void theyDontGoBackToTheQueue() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.builder((batch, results) -> {
            Streaming.succeed(batch, results, 0, batch.size() / 2);
            if (batch.size() == 4) {
                throw new RateLimitedException(Duration.ofMillis(5));
            }
            Streaming.succeed(batch, results, batch.size() / 2, batch.size());
        }));
        assertThat(batcher.snapshot().queued()).isEqualTo(2);

        hand.time.advanceMillis(20);
        runOffloaded();
        hand.executor.runAll();
        runOffloaded();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4), List.of(3, 4));
        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void theEndOfTheCallSettlesThem() {
        AsyncBatcher<Integer, Integer> batcher =
                begun(streaming.builder((batch, results) -> Streaming.succeed(batch, results, 0, 4)));

        assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(batcher.snapshot().inFlight()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aReportThatIsAddedWhileAnotherIsSettledIsSettledToo() {
        begun(streaming.async());
        CompletableFuture<Void> next =
                futures.get(0).thenAccept(result -> streaming.last().success(1, 4));
        streaming.last().success(0, 2);

        offloaded.remove(0).run();

        assertThat(next).isCompleted();
        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(offloaded).isEmpty();
    }

    @Test
    void anItemThatTheEndOfItsBatchHasGivenToTheCompletionExecutorIsNotGivenAgain() {
        HandRunExecutor completions = new HandRunExecutor();
        begun(streaming.async().completionExecutor(completions));
        Streaming.succeed(hand.batches.get(0), streaming.last(), 0, 4);

        streaming.stages.get(0).complete(null);
        runOffloaded();

        assertThat(completions.waiting()).isEqualTo(4);
        completions.runAll();
        assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
    }

    @Test
    void anErrorWhileOneIsSettledLeavesNoneUnsettled() {
        begun(streaming.async().listener(new BatcherListener() {}));
        streaming.last().success(0, 2);
        streaming.last().success(1, 4);
        clockErrors = 1;

        runOffloaded();

        assertThat(clockErrors).isZero();
        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.get(1)).isCompletedWithValue(4);
    }

    @Test
    void theEndsOfAnEarlierBatchAreNotTakenForThem() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    if (batch.contains(1)) {
                        for (int i = 0; i < 4; i++) {
                            results.failure(i, new IllegalStateException("of the first batch"));
                        }
                    } else if (batch.size() == 4) {
                        throw new Poisoned(batch);
                    } else {
                        Streaming.succeed(batch, results, 0, batch.size());
                    }
                })
                .executor(Runnable::run)
                .isolateFailures(failure -> true)
                .build();
        batcher.pause();
        futures = ByHand.submit(batcher, 1, 8);

        batcher.resume();

        assertThat(hand.batches).hasSize(4);
        for (int item = 5; item <= 8; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }
}
