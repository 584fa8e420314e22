package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Results as they come: what a report does, what is left when the call ends, and reports that are wrong. */
class StreamingTests {

    private final Streaming streaming = new Streaming();
    private final ByHand hand = streaming.hand;

    @Test
    void aReportSettlesItsItemWhileTheBatchGoesOn() {
        List<Boolean> done = new ArrayList<>();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    for (int i = 0; i < batch.size(); i++) {
                        results.success(i, 2 * batch.get(i));
                        futures.forEach(future -> done.add(future.isDone()));
                    }
                })
                .build();
        futures.addAll(ByHand.submit(batcher, 1, 4));

        hand.executor.runAll();

        assertThat(done)
                .containsExactly(
                        true, false, false, false, true, true, false, false, true, true, true, false, true, true, true,
                        true);
        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void itemsEndEachInItsOwnWayAndInAnyOrder() {
        IllegalStateException cause = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    results.success(3, 3);
                    results.failure(1, cause);
                    results.success(0, null);
                    results.success(2, 2);
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures.get(0)).isCompletedWithValue(null);
        assertThat(ByHand.failure(futures.get(1))).isSameAs(cause);
        assertThat(futures.get(2)).isCompletedWithValue(2);
        assertThat(futures.get(3)).isCompletedWithValue(3);
    }

    @Test
    void whatIsNotReportedBreaksTheContractForItselfAlone() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> Streaming.succeed(batch, results, 1, 3))
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(futures.get(2)).isCompletedWithValue(6);
        assertThat(List.of(futures.get(0), futures.get(3)))
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(BatchResultException.class)
                        .hasMessageContaining("broke its contract in a batch of 4 items")
                        .hasMessageContaining("ended without having reported 2 of 4 items"));
    }

    @Test
    void whatIsReportedStaysSoWhereTheProcessorThrows() {
        IllegalStateException thrown = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    Streaming.succeed(batch, results, 0, 2);
                    throw thrown;
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(ByHand.failure(futures.get(2))).isSameAs(thrown);
        assertThat(ByHand.failure(futures.get(3))).isSameAs(thrown);
    }

    @Test
    void anErrorFailsWhatIsNotReported() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    Streaming.succeed(batch, results, 0, 3);
                    throw new StackOverflowError();
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures.subList(0, 3)).allMatch(future -> !future.isCompletedExceptionally());
        assertThat(ByHand.failure(futures.get(3))).isInstanceOf(StackOverflowError.class);
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aSecondReportChangesNothing() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    results.success(0, 1);
                    results.success(0, 2);
                    results.failure(0, new IllegalStateException());
                    results.failure(1, new IllegalStateException("first"));
                    results.success(1, 2);
                    Streaming.succeed(batch, results, 2, 4);
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures.get(0)).isCompletedWithValue(1);
        assertThat(ByHand.failure(futures.get(1))).hasMessage("first");
        assertThat(futures.get(2)).isCompletedWithValue(6);
        assertThat(futures.get(3)).isCompletedWithValue(8);
    }

    @Test
    void aReportAfterTheEndChangesNothing() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> Streaming.succeed(batch, results, 0, 3))
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        streaming.last().success(0, 100);
        streaming.last().success(3, 8);

        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(ByHand.failure(futures.get(3))).isInstanceOf(BatchResultException.class);
    }

    @Test
    void anIndexOutOfRangeAndANullCauseAreToldToTheReporterAndChangeNothing() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> results.success(4, 1));
                    assertThatExceptionOfType(IndexOutOfBoundsException.class)
                            .isThrownBy(() -> results.failure(-1, new IllegalStateException()));
                    assertThatNullPointerException().isThrownBy(() -> results.failure(0, null));
                    Streaming.succeed(batch, results, 0, 4);
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void theListCantBeChanged() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    assertThatThrownBy(batch::clear).isInstanceOf(UnsupportedOperationException.class);
                    Streaming.succeed(batch, results, 0, 4);
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(futures).allMatch(future -> !future.isCompletedExceptionally());
    }

    @Test
    void anExceptionAboutAnotherBatcherOrACancelIsTheCauseOfAnAbort() {
        BatchResultException foreign = new BatchResultException("other", 1, new BatchResultException("it broke"));
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    results.failure(0, foreign);
                    results.failure(1, new java.util.concurrent.CancellationException());
                    Streaming.succeed(batch, results, 2, 4);
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(ByHand.failure(futures.get(0)))
                .isInstanceOf(BatchAbortedException.class)
                .hasCause(foreign);
        assertThat(ByHand.failure(futures.get(1))).isInstanceOf(BatchAbortedException.class);
        assertThat(futures.get(0)).isNotCancelled();
        assertThat(futures.get(1)).isNotCancelled();
    }

    // ---- with a stage ----

    @Test
    void reportsAreTakenUntilTheStageEnds() {
        AsyncBatcher<Integer, Integer> batcher = streaming.async().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        streaming.last().success(2, 6);
        assertThat(futures.get(2)).isCompletedWithValue(6);
        assertThat(futures.get(0)).isNotDone();
        streaming.last().success(0, 2);
        assertThat(futures.get(0)).isCompletedWithValue(2);
        assertThat(batcher.snapshot().activeBatches()).isOne();
        assertThat(batcher.snapshot().inFlight()).isEqualTo(2);

        streaming.stages.get(0).complete(null);
        streaming.last().success(1, 4);

        assertThat(List.of(futures.get(1), futures.get(3)))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchResultException.class);
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aStageThatFailsFailsTheRest() {
        AsyncBatcher<Integer, Integer> batcher = streaming.async().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        IllegalStateException cause = new IllegalStateException();

        streaming.last().success(1, 4);
        streaming.stages.get(0).completeExceptionally(new CompletionException(cause));

        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(List.of(futures.get(0), futures.get(2), futures.get(3)))
                .extracting(ByHand::failure)
                .containsOnly(cause);
    }

    @Test
    void aNullStageBreaksTheContract() {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.<Integer, Integer>streaming((batch, results) -> {
                            results.success(0, 1);
                            return null;
                        }))
                .maxBatchSize(2)
                .executor(Runnable::run)
                .time(hand.time)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);

        assertThat(futures.get(0)).isCompletedWithValue(1);
        assertThat(ByHand.failure(futures.get(1))).isInstanceOf(BatchResultException.class);
    }

    // ---- without a batcher ----

    @Test
    void whoCallsTheProcessorWithoutABatcherGetsTheResultsInTheirOrder() throws Exception {
        BatchProcessor<Integer, Integer> processor = BatchProcessor.streaming((batch, results) -> {
            results.success(1, 10);
            results.success(0, 20);
            results.success(1, 30);
        });
        AsyncBatchProcessor<Integer, Integer> async = AsyncBatchProcessor.streaming((batch, results) -> {
            results.success(0, 1);
            return CompletableFuture.completedFuture("ignored");
        });

        assertThat(processor.processBatch(List.of(1, 2))).containsExactly(20, 10);
        assertThat(async.processBatch(List.of(1)).toCompletableFuture()).isCompletedWithValue(List.of(1));
        CompletionStage<List<Integer>> short1 = async.processBatch(List.of(1, 2));
        assertThat(ByHand.failure(short1.toCompletableFuture()))
                .hasRootCauseInstanceOf(BatchResultException.class)
                .hasMessageContaining("1 of 2 items");
    }

    @Test
    void aFailureReportedWithoutABatcherIsThrown() {
        IllegalStateException cause = new IllegalStateException();
        BatchProcessor<Integer, Integer> processor =
                BatchProcessor.streaming((batch, results) -> results.failure(0, cause));

        assertThatThrownBy(() -> processor.processBatch(List.of(1))).hasCause(cause);
    }

    @Test
    void aNullFunctionIsRejected() {
        assertThatNullPointerException().isThrownBy(() -> BatchProcessor.streaming(null));
        assertThatNullPointerException().isThrownBy(() -> AsyncBatchProcessor.streaming(null));
    }
}
