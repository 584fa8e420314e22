package io.asyncbatcher.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.BatchProcessor;
import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.DispatchReason;
import io.asyncbatcher.Outcome;
import io.asyncbatcher.QueueFullException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The Java of docs/testing.md, word for word; that it is the same is a test of the starter's, with all documentation. */
class TestingGuideTests {

    /** What the guide tests: asks for prices, one by one. */
    private record Shop(BatcherClient<String, Integer> prices) {
        CompletableFuture<Integer> sum(String first, String second) {
            return prices.process(first).thenCombine(prices.process(second), Integer::sum);
        }
    }

    @Test
    void whatIsAskedForTogetherGoesTogether() {
        VirtualTime time = new VirtualTime();
        BatchLog batches = new BatchLog();
        AsyncBatcher<String, Integer> prices = AsyncBatcher.<String, Integer>builder(
                        skus -> skus.stream().map(String::length).toList())
                .maxQueueTime(Duration.ofMillis(10))
                .time(time)
                .executor(Runnable::run)
                .listener(batches)
                .build();

        CompletableFuture<Integer> sum = new Shop(prices).sum("apple", "fig");
        assertThat(sum).isNotDone();
        time.advance(Duration.ofMillis(10));

        assertThat(sum).isCompletedWithValue(8);
        assertThat(batches.dispatched())
                .containsExactly(new BatchLog.Dispatched(
                        DispatchReason.LINGER, List.of(Duration.ofMillis(10), Duration.ofMillis(10))));
    }

    @Test
    void aBusySlotIsHeldByTheTest() {
        HandRunExecutor executor = new HandRunExecutor();
        AsyncBatcher<String, Integer> prices = AsyncBatcher.<String, Integer>builder(
                        skus -> skus.stream().map(String::length).toList())
                .maxBatchSize(1)
                .maxQueueSize(1)
                .time(new VirtualTime())
                .executor(executor)
                .build();

        CompletableFuture<Integer> inFlight = prices.process("apple");
        CompletableFuture<Integer> queued = prices.process("fig");
        CompletableFuture<Integer> rejected = prices.process("plum");

        assertThatThrownBy(rejected::join).hasCauseInstanceOf(QueueFullException.class);
        executor.runNext();
        assertThat(inFlight).isCompletedWithValue(5);
        assertThat(queued).isNotDone();
        executor.runAll();
        assertThat(queued).isCompletedWithValue(3);
    }

    @Test
    void aRetryIsNotWaitedForInRealTime() {
        VirtualTime time = new VirtualTime();
        Queue<Outcome<Integer>> answers = new ArrayDeque<>(
                List.of(Outcome.retry(new IOException("busy"), Duration.ofMinutes(5)), Outcome.success(42)));
        AsyncBatcher<String, Integer> prices = AsyncBatcher.<String, Integer>builder(
                        BatchProcessor.withOutcomes(skus -> List.of(answers.remove())))
                .maxQueueTime(Duration.ZERO)
                .time(time)
                .executor(Runnable::run)
                .build();

        CompletableFuture<Integer> price = prices.process("apple");
        assertThat(price).isNotDone();
        time.advance(Duration.ofMinutes(5));

        assertThat(price).isCompletedWithValue(42);
    }
}
