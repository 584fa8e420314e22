package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a processor returns, throws and does to the list it is given. */
class ProcessorContractTests {

    private final ByHand hand = new ByHand();

    static List<List<Integer>> wrongResults() {
        return Arrays.asList(
                null, List.of(), List.of(1), List.of(1, 2, 3, 4), List.of(1, 2, 3, 4, 5, 6), new LyingList());
    }

    /** A list that has fewer elements than it says. */
    private static final class LyingList extends java.util.AbstractList<Integer> {
        @Override
        public Integer get(int index) {
            return index;
        }

        @Override
        public int size() {
            return 5;
        }

        @Override
        public java.util.Iterator<Integer> iterator() {
            return List.of(1, 2).iterator();
        }
    }

    static List<Throwable> throwables() {
        return List.of(
                new IOException("checked"),
                new IllegalStateException("unchecked"),
                new InterruptedException("interrupted"),
                new AssertionError("error"),
                new StackOverflowError(),
                new OutOfMemoryError("not really"),
                new ThreadDeathLike());
    }

    private static final class ThreadDeathLike extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @MethodSource("wrongResults")
    void aWrongNumberOfResultsFailsEveryItemAndGuessesNoPosition(List<Integer> results) {
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> batch.contains(1) ? results : batch)
                .name("prices")
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        List<CompletableFuture<Integer>> next = ByHand.submit(batcher, 6, 10);
        hand.executor.runAll();

        assertThat(futures)
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                BatchResultException.class,
                                breach -> assertThat(breach.mayHaveRun()).isTrue())
                        .hasMessageContaining("prices")
                        .hasMessageContaining("5 items"));
        assertThat(next).extracting(CompletableFuture::join).containsExactly(6, 7, 8, 9, 10);
        CompletableFuture<Void> stopped = batcher.stop(false);
        assertThat(stopped).isCompleted();
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("Promise 8: errors are handled like exceptions: items fail, the slot is freed, the engine lives on")
    void whateverIsThrownFailsEveryItemOfTheBatchAndNoOther(Throwable thrown) {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        sneakyThrow(thrown);
                    }
                    return batch;
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        List<CompletableFuture<Integer>> next = ByHand.submit(batcher, 6, 10);
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).containsOnly(thrown);
        assertThat(next).allMatch(CompletableFuture::isDone);
        assertThat(next).extracting(CompletableFuture::join).containsExactly(6, 7, 8, 9, 10);
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aCancellationByTheProcessorIsToldApartFromACallersCancel() {
        CancellationException cause = new CancellationException();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw cause;
                })
                .maxBatchSize(1)
                .build();

        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();

        assertThat(future.isCancelled()).isFalse();
        assertThat(ByHand.failure(future))
                .hasCause(cause)
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        aborted -> assertThat(aborted.mayHaveRun()).isTrue());
    }

    @Test
    void resultsMayBeNull() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> Collections.nCopies(batch.size(), null))
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedWithValue(null));
    }

    @Test
    void aListThatWasKeptGoesOnBeingThatOfItsBatch() {
        List<List<Integer>> kept = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    kept.add(batch);
                    return ByHand.doubled(batch);
                })
                .build();

        ByHand.submit(batcher, 1, 10);
        hand.executor.runAll();

        assertThat(kept).containsExactly(List.of(1, 2, 3, 4, 5), List.of(6, 7, 8, 9, 10));
    }

    static List<BatchProcessor<Integer, ?>> changingProcessors() {
        Comparator<Integer> reverse = Comparator.reverseOrder();
        BatchProcessor<Integer, Integer> plain = batch -> {
            batch.sort(reverse);
            return batch;
        };
        return List.of(
                plain,
                BatchProcessor.<Integer, Integer>keyed(batch -> {
                    batch.sort(reverse);
                    return Map.of();
                }),
                BatchProcessor.<Integer, Integer>matching(
                        batch -> {
                            batch.sort(reverse);
                            return batch;
                        },
                        item -> item),
                BatchProcessor.<Integer>consuming(batch -> batch.sort(reverse)),
                BatchProcessor.<Integer, Integer>withOutcomes(batch -> {
                    batch.sort(reverse);
                    return batch.stream().map(Outcome::success).toList();
                }),
                BatchProcessor.<Integer, Integer>keyedOutcomes(batch -> {
                    batch.sort(reverse);
                    return Map.of();
                }));
    }

    @ParameterizedTest
    @MethodSource("changingProcessors")
    @DisplayName("Promise 2: a processor that sorts its list in place gives nobody the result of another")
    void theListCanNotBeChangedInAnyShape(BatchProcessor<Integer, ?> processor) {
        for (boolean deduplicate : new boolean[] {false, true}) {
            AsyncBatcher.Builder<Integer, ?> builder = AsyncBatcher.builder(processor)
                    .maxBatchSize(3)
                    .time(hand.time)
                    .executor(Runnable::run);
            AsyncBatcher<Integer, ?> batcher =
                    deduplicate ? builder.deduplicate().build() : builder.build();

            assertThat(List.of(batcher.process(1), batcher.process(3), batcher.process(2)))
                    .extracting(ByHand::failure)
                    .hasOnlyElementsOfType(UnsupportedOperationException.class);
        }
    }

    @Test
    void changingTheListWhileItIsSettledHasNoEffect() {
        List<List<Integer>> kept = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    List<Integer> results = new ArrayList<>(ByHand.doubled(batch));
                    kept.add(results);
                    return results;
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        futures.get(0).thenRun(() -> kept.get(0).clear());
        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
    }

    @Test
    void aKeyedResultGivesNullForMissingKeysAndAnswersEveryDuplicate() {
        AsyncBatcher<Integer, String> batcher = hand.builder(
                        BatchProcessor.<Integer, String>keyed(batch -> Map.of(1, "one", 2, "two")))
                .build();

        List<CompletableFuture<String>> futures =
                List.of(2, 1, 9, 1, 2).stream().map(batcher::process).toList();
        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::join).containsExactly("two", "one", null, "one", "two");
    }

    @Test
    void aConsumerGivesNullToAll() {
        AsyncBatcher<Integer, Void> batcher =
                hand.builder(BatchProcessor.<Integer>consuming(batch -> {})).build();

        List<CompletableFuture<Void>> futures =
                List.of(1, 2, 3, 4, 5).stream().map(batcher::process).toList();
        hand.executor.runAll();

        assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedWithValue(null));
    }

    @Test
    void aNullMapBreaksTheContract() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder(BatchProcessor.<Integer, Integer>keyed(batch -> null))
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures).extracting(ByHand::failure).hasOnlyElementsOfType(BatchResultException.class);
    }

    @SuppressWarnings("unchecked")
    static <X extends Throwable> void sneakyThrow(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
