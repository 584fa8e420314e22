package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many items that wait to be tried again: in any order, and yet by their submission. */
@Timeout(30)
class DelayedRetriesTests {

    private static final int MANY = 200_000;

    /** One for all: to make as many takes longer than what is tested. */
    private final Exception again = new IllegalStateException("thrown by a test");

    private final ByHand hand = new ByHand();

    @Test
    void manyInAnyOrderAreQueuedAgainInTime() {
        List<Long> delays = new ArrayList<>(
                IntStream.range(0, MANY).mapToObj(i -> 1L + i / 100).toList());
        Collections.shuffle(delays, new Random(1));
        Set<Integer> tried = new HashSet<>();
        List<Integer> order = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    if (tried.add(item)) {
                        return Outcome.retry(again, Duration.ofMillis(delays.get(item)));
                    }
                    order.add(item);
                    return Outcome.success(item);
                })
                .maxBatchSize(1_000)
                .maxQueueSize(-1)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        hand.executor.runAll();
        assertThat(tried).hasSize(MANY);
        assertThat(batcher.snapshot().queued()).isEqualTo(MANY);
        batcher.pause();
        hand.time.advance(Duration.ofHours(1));

        batcher.resume();
        hand.pass(ByHand.LINGER);

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(order).isSorted().hasSize(MANY);
    }

    @Test
    void manyThatAreDelayedFailAtAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(again, Duration.ofHours(1 + item % 7)))
                .maxBatchSize(1_000)
                .maxQueueSize(-1)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        hand.executor.runAll();
        futures.subList(0, MANY / 2).forEach(future -> future.cancel(false));
        assertThat(batcher.snapshot().queued()).isEqualTo(MANY / 2);

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }
}
