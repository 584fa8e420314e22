package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.BatchLog;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A processor that uses another batcher, and lets out what that one says of its own items. */
class NestedBatcherTests {

    /** One way in which a processor ends its batch, or its first item, with a failure. */
    private enum Way {
        THROWN {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return AsyncBatcher.builder(batch -> {
                    ProcessorContractTests.sneakyThrow(failure);
                    return batch;
                });
            }
        },
        STAGE {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return AsyncBatcher.asyncBuilder(batch -> CompletableFuture.failedFuture(failure));
            }
        },
        THROWN_INSTEAD_OF_A_STAGE {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return AsyncBatcher.asyncBuilder(batch -> {
                    ProcessorContractTests.sneakyThrow(failure);
                    return null;
                });
            }
        },
        OUTCOME {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return AsyncBatcher.builder(BatchProcessor.withOutcomes(batch -> List.of(Outcome.failure(failure))));
            }
        },
        OUTCOME_BY_KEY {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return AsyncBatcher.asyncBuilder(AsyncBatchProcessor.keyedOutcomes(
                        batch -> CompletableFuture.completedFuture(Map.of(1, Outcome.failure(failure)))));
            }
        },
        LAST_RETRY {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return AsyncBatcher.<Integer, Integer>builder(
                                BatchProcessor.withOutcomes(batch -> List.of(Outcome.retry(failure))))
                        .maxAttempts(2);
            }
        },
        ISOLATED {
            @Override
            AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure) {
                return THROWN.builder(failure).isolateFailures(thrown -> true);
            }
        };

        abstract AsyncBatcher.Builder<Integer, Integer> builder(Throwable failure);
    }

    private static Stream<Way> ways() {
        return Stream.of(Way.values());
    }

    private static Throwable ofInner(AsyncBatcher.Builder<Integer, Integer> inner) {
        AsyncBatcher<Integer, Integer> batcher = inner.name("inner")
                .maxBatchSize(1)
                .maxQueueSize(1)
                .executor(Runnable::run)
                .build();
        return ByHand.failure(batcher.process(9));
    }

    /** What an item fails with whose processor ends with a failure. */
    private static Throwable outer(Way way, Throwable failure) {
        VirtualTime time = new VirtualTime();
        CompletableFuture<Integer> future = way.builder(failure)
                .name("outer")
                .maxBatchSize(1)
                .executor(Runnable::run)
                .time(time)
                .build()
                .process(1);
        time.advanceMillis(1); // the shortest delay of a retry
        return ByHand.failure(future);
    }

    private static QueueFullException queueFull() {
        AsyncBatcher<Integer, Integer> full = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxQueueSize(1)
                .build();
        full.pause();
        full.process(8);
        QueueFullException rejection = (QueueFullException) ByHand.failure(full.process(9));
        full.stop(true);
        return rejection;
    }

    private static void assertLetOut(Throwable failure, Throwable cause) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        aborted -> assertThat(aborted.mayHaveRun()).isTrue())
                .hasMessageContaining("'outer'")
                .hasCause(cause);
        assertThat(failure.getCause()).isSameAs(cause);
    }

    @ParameterizedTest
    @MethodSource("ways")
    @DisplayName("What another batcher says of its item is only the cause of what a caller hears of its own")
    void theRejectionOfAnotherBatcherSaysNothingOfTheOuterItem(Way way) {
        QueueFullException rejection = queueFull();
        assertThat(rejection.mayHaveRun()).isFalse();

        assertLetOut(outer(way, rejection), rejection);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatJoinAndGetWrapAroundItIsPeeledOff(Way way) {
        QueueFullException rejection = queueFull();

        assertLetOut(outer(way, new CompletionException(rejection)), rejection);
        assertLetOut(outer(way, new ExecutionException(new CompletionException(rejection))), rejection);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theBrokenContractOfAnotherProcessorIsNotThatOfTheOuterOne(Way way) {
        Throwable breach = ofInner(AsyncBatcher.builder(batch -> null));
        assertThat(breach).isInstanceOf(BatchResultException.class);

        assertLetOut(outer(way, breach), breach);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void itGoesThroughSeveralBatchers(Way way) {
        QueueFullException rejection = queueFull();
        Throwable middle = outer(Way.THROWN, rejection);

        assertLetOut(outer(way, middle), middle);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aCancelledFutureOfAnotherBatcherIsNoCancelOfTheOuterItem(Way way) {
        CancellationException cancellation = new CancellationException();

        assertLetOut(outer(way, cancellation), cancellation);
        assertLetOut(outer(way, new CompletionException(cancellation)), cancellation);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anAdaptersOwnComplaintIsThatOfTheBatcherThatRunsIt(Way way) {
        BatchResultException complaint = new BatchResultException("it returned a set; return a list");

        for (Throwable failure : List.of(complaint, new CompletionException(complaint))) {
            assertThat(outer(way, failure))
                    .isInstanceOf(BatchResultException.class)
                    .hasMessage("The processor of batcher 'outer' broke its contract in a batch of 1 items: it returned"
                            + " a set; return a list");
        }
    }

    @Test
    void anOutcomeThatLetsOneOutTakesNoBatchMateWithIt() {
        QueueFullException rejection = queueFull();
        BatchLog batches = new BatchLog();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(
                        BatchProcessor.withOutcomes(batch -> List.of(Outcome.success(10), Outcome.failure(rejection))))
                .name("outer")
                .maxBatchSize(2)
                .time(new VirtualTime())
                .executor(Runnable::run)
                .listener(batches)
                .build();

        CompletableFuture<Integer> first = batcher.process(1);
        CompletableFuture<Integer> second = batcher.process(2);

        assertThat(first).isCompletedWithValue(10);
        assertLetOut(ByHand.failure(second), rejection);
        assertThat(batches.finished()).extracting(BatchLog.Finished::outcome).containsExactly(BatchOutcome.PARTIAL);
    }

    @Test
    void aRateLimitedExceptionKeepsItsMeaning() {
        RateLimitedException limited = new RateLimitedException(Duration.ZERO);

        assertThat(outer(Way.OUTCOME, limited)).isSameAs(limited);
    }
}
