package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ends items of a streaming batch otherwise: timeouts, cancels and stops leave alone what has been reported. */
class StreamingEndsTests {

    private final Streaming streaming = new Streaming();
    private final ByHand hand = streaming.hand;
    private List<CompletableFuture<Integer>> futures;

    @AfterEach
    void forgetInterrupt() {
        boolean unused = Thread.interrupted(); // a batch that is given up interrupts its thread
    }

    private AsyncBatcher<Integer, Integer> begun(AsyncBatcher.Builder<Integer, Integer> builder) {
        AsyncBatcher<Integer, Integer> batcher = builder.build();
        futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        return batcher;
    }

    @Test
    void aBatchTimeoutFailsTheRestAndLaterReportsAreDropped() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async().batchTimeout(Duration.ofMillis(50)));
        streaming.last().success(1, 4);

        hand.time.advanceMillis(50);
        streaming.last().success(0, 2);
        streaming.last().success(1, 5);

        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(List.of(futures.get(0), futures.get(2), futures.get(3)))
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                BatchAbortedException.class,
                                aborted -> assertThat(aborted.mayHaveRun()).isTrue()));
        assertThat(batcher.snapshot().abandonedBatches()).isOne();
        streaming.stages.get(0).complete(null);
        assertThat(batcher.snapshot().abandonedBatches()).isZero();
    }

    @Test
    void aBatchTimeoutOfALaterHalfLeavesAloneWhatAnEarlierCallHasReported() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    if (batch.size() == 4) {
                        results.success(3, 8);
                        throw new Poisoned(batch);
                    }
                    hand.time.advanceMillis(50);
                })
                .isolateFailures(failure -> true)
                .batchTimeout(Duration.ofMillis(50))
                .build();
        futures = ByHand.submit(batcher, 1, 4);

        hand.pass(Duration.ofMillis(500));

        assertThat(futures.get(3)).isCompletedWithValue(8);
        assertThat(futures.subList(0, 3))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchAbortedException.class);
        assertThat(hand.batches).as("what was reported").noneMatch(batch -> batch.size() < 4 && batch.contains(4));
    }

    @Test
    void anItemTimeoutComesFirstOrTooLate() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async().itemTimeout(Duration.ofMillis(50)));
        streaming.last().success(0, 2);

        hand.time.advanceMillis(50);
        streaming.last().success(1, 4);
        streaming.stages.get(0).complete(null);

        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.subList(1, 4))
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                ItemExpiredException.class,
                                expired -> assertThat(expired.mayHaveRun()).isTrue()));
        assertThat(batcher.snapshot().inFlight()).isZero();
    }

    @Test
    void aCancelComesFirstOrTooLateAndTouchesNobodyElse() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async());
        streaming.last().success(0, 2);

        assertThat(futures.get(0).cancel(false)).isFalse();
        assertThat(futures.get(1).cancel(false)).isTrue();
        Streaming.succeed(hand.batches.get(0), streaming.last(), 1, 4);

        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.get(1)).isCancelled();
        assertThat(futures.get(2)).isCompletedWithValue(6);
        assertThat(futures.get(3)).isCompletedWithValue(8);
        assertThat(batcher.snapshot().inFlight()).isZero();
        streaming.stages.get(0).complete(null);
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void anItemThatItsCallerEndsBeforeItIsReportedCountsAsReported() {
        List<String> outcomes = new java.util.ArrayList<>();
        begun(streaming.async().listener(new BatcherListener() {
            @Override
            public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
                outcomes.add(outcome + " of " + size);
            }
        }));
        futures.get(1).complete(100);

        Streaming.succeed(hand.batches.get(0), streaming.last(), 0, 4);
        streaming.stages.get(0).complete(null);

        assertThat(futures.get(1)).isCompletedWithValue(100);
        assertThat(outcomes).containsExactly("SUCCESS of 4");
    }

    @Test
    void aForcedStopFailsTheRestAndEndsAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async());
        streaming.last().success(2, 6);

        CompletableFuture<Void> stopped = batcher.stop(true);
        streaming.last().success(0, 2);

        assertThat(stopped).isCompleted();
        assertThat(futures.get(2)).isCompletedWithValue(6);
        assertThat(List.of(futures.get(0), futures.get(1), futures.get(3)))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchAbortedException.class);
    }

    @Test
    void aGracefulStopWaitsForTheRest() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async());
        streaming.last().success(2, 6);

        CompletableFuture<Void> stopped = batcher.stop(false);
        Streaming.succeed(hand.batches.get(0), streaming.last(), 0, 2);
        assertThat(futures.get(1)).isCompletedWithValue(4);
        streaming.last().success(3, 8);
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(stopped).as("the processor has not returned").isNotDone();
        streaming.stages.get(0).complete(null);

        assertThat(stopped).isCompleted();
    }

    @Test
    void aGraceThatEndsFailsTheRest() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async());

        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(20));
        streaming.last().success(0, 2);
        hand.time.advanceMillis(20);

        assertThat(stopped).isCompleted();
        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.subList(1, 4))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchAbortedException.class);
    }

    // ---- with a completionExecutor, where a report is not yet an end ----

    private final HandRunExecutor completions = new HandRunExecutor();

    private AsyncBatcher.Builder<Integer, Integer> completedByHand() {
        return streaming.async().completionExecutor(completions);
    }

    @Test
    void eachItemIsOneTaskOfTheCompletionExecutor() {
        AsyncBatcher<Integer, Integer> batcher = begun(completedByHand());

        streaming.last().success(1, 4);
        assertThat(completions.waiting()).isOne();
        assertThat(futures.get(1)).isNotDone();
        completions.runAll();
        assertThat(futures.get(1)).isCompletedWithValue(4);

        streaming.last().success(0, 2);
        Streaming.succeed(hand.batches.get(0), streaming.last(), 2, 4);
        streaming.stages.get(0).complete(null);
        assertThat(completions.waiting()).isEqualTo(3);
        CompletableFuture<Void> stopped = batcher.stop(false);
        completions.runNext();
        completions.runNext();
        assertThat(stopped).isNotDone();
        completions.runAll();

        assertThat(stopped).isCompleted();
        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void whatWasReportedIsNotLostByAForcedStopOrATimeoutBeforeItsTaskHasRun() {
        for (boolean byStop : List.of(true, false)) {
            AsyncBatcher<Integer, Integer> batcher = begun(completedByHand().batchTimeout(Duration.ofMillis(50)));
            streaming.last().success(1, 4);
            streaming.last().failure(2, new IllegalStateException("reported"));

            if (byStop) {
                assertThat(batcher.stop(true)).isNotDone();
            } else {
                hand.time.advanceMillis(50);
            }
            completions.runAll();

            assertThat(futures.get(1)).isCompletedWithValue(4);
            assertThat(ByHand.failure(futures.get(2))).hasMessage("reported");
            assertThat(List.of(futures.get(0), futures.get(3)))
                    .extracting(ByHand::failure)
                    .hasOnlyElementsOfType(BatchAbortedException.class);
            assertThat(batcher.stop(true)).isCompleted();
        }
    }

    @Test
    void whatTheCompletionExecutorLosesAForcedStopSettlesAsItWasReported() {
        AsyncBatcher<Integer, Integer> batcher = begun(streaming.async().completionExecutor(task -> {}));
        streaming.last().success(1, 4);
        assertThat(futures.get(1)).isNotDone();

        CompletableFuture<Void> stopped = batcher.stop(true);
        hand.time.advanceMillis(1_000);

        assertThat(stopped).isCompleted();
        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(ByHand.failure(futures.get(0))).isInstanceOf(BatchAbortedException.class);
    }

    @Test
    void aCompletionExecutorThatRejectsKeepsNothingUnsettled() {
        begun(streaming.async().completionExecutor(task -> {
            throw new java.util.concurrent.RejectedExecutionException();
        }));

        streaming.last().success(1, 4);

        assertThat(futures.get(1)).isCompletedWithValue(4);
    }
}
