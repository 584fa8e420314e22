package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What callers share: the instance of a failure that ended all of them, and with {@code deduplicate} the result. */
class SharedFailureTests {

    private final ByHand hand = new ByHand();

    @Test
    void whatOneCallerAddsToTheProcessorsExceptionTheOthersOfItsBatchSee() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new IllegalStateException("of " + batch.size());
                })
                .maxBatchSize(2)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        Throwable failure = ByHand.failure(futures.get(0));
        failure.addSuppressed(new IllegalArgumentException("of a caller"));

        assertThat(ByHand.failure(futures.get(1))).isSameAs(failure).hasSuppressedException(failure.getSuppressed()[0]);
        assertThat(ByHand.failure(futures.get(2)))
                .isNotSameAs(failure)
                .isSameAs(ByHand.failure(futures.get(3)))
                .hasNoSuppressedExceptions();
    }

    @Test
    void theBatchersOwnExceptionsForABatchOrAQueueAreShared() {
        AsyncBatcher<Integer, Integer> wrong =
                hand.<Integer>builder(batch -> List.of()).maxBatchSize(2).build();
        List<CompletableFuture<Integer>> batch = ByHand.submit(wrong, 1, 2);
        hand.executor.runAll();
        AsyncBatcher<Integer, Integer> paused = hand.builder(List::copyOf).build();
        paused.pause();
        List<CompletableFuture<Integer>> queue = ByHand.submit(paused, 1, 2);
        paused.stop(true).join();

        assertThat(ByHand.failure(batch.get(0)))
                .isInstanceOf(BatchResultException.class)
                .isSameAs(ByHand.failure(batch.get(1)));
        assertThat(ByHand.failure(queue.get(0)))
                .isInstanceOf(BatcherStoppedException.class)
                .isSameAs(ByHand.failure(queue.get(1)));
    }

    @Test
    void withDeduplicateEqualItemsShareTheirResult() {
        AsyncBatcher<Integer, Object> batcher = hand.<Object>builder(
                        batch -> batch.stream().map(item -> new Object()).toList())
                .deduplicate()
                .build();

        CompletableFuture<Object> one = batcher.process(1);
        CompletableFuture<Object> other = batcher.process(1);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        assertThat(one).isCompleted();
        assertThat(other.join()).isSameAs(one.join());
    }
}
