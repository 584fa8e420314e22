package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The completionExecutor: what runs on it, and who settles what it loses or rejects. */
@Timeout(60)
class CompletionExecutorTests {

    private final ByHand hand = new ByHand();
    private final HandRunExecutor completions = new HandRunExecutor();

    @Test
    @DisplayName("Promise 7: settlements without a batch run on the completionExecutor if there is one")
    void continuationsRunOnTheCompletionExecutorOneTaskAnItem() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().completionExecutor(completions).build();
        List<CompletableFuture<Integer>> processed = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        assertThat(completions.waiting()).isEqualTo(5);
        assertThat(processed).noneMatch(CompletableFuture::isDone);
        completions.runNext();
        assertThat(processed).filteredOn(CompletableFuture::isDone).hasSize(1);
        completions.runAll();

        CompletableFuture<Integer> timed = batcher.process(6, Duration.ofMillis(1));
        hand.time.advanceMillis(1);
        assertThat(timed).isNotDone();
        assertThat(completions.waiting()).isEqualTo(1);
        completions.runAll();
        assertThat(timed).isCompletedExceptionally();

        CompletableFuture<Integer> queued = batcher.process(7);
        CompletableFuture<Void> stopped = batcher.stop(true);
        assertThat(stopped).isNotDone();
        completions.runAll();
        assertThat(queued).isCompletedExceptionally();
        assertThat(stopped).isCompleted();
    }

    @Test
    @DisplayName("Promise 1: where the completionExecutor refuses, items are settled all the same")
    void aCompletionExecutorThatRejectsKeepsNothingUnsettled() {
        Executor rejecting = task -> {
            throw new RejectedExecutionException();
        };
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().completionExecutor(rejecting).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        CompletableFuture<Integer> queued = batcher.process(6);

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
        assertThat(batcher.stop(true)).isCompleted();
        assertThat(queued).isCompletedExceptionally();
    }

    @Test
    void anItemThatExpiresBeforeItsBatchGoesBackIsSettledThoughItsTaskIsLost() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    hand.time.advanceMillis(5);
                    throw new RateLimitedException(Duration.ofMillis(1));
                })
                .completionExecutor(task -> {})
                .build();
        CompletableFuture<Integer> expired = batcher.process(1, Duration.ofMillis(4));
        batcher.flush();

        hand.executor.runAll();
        hand.time.advanceMillis(2_000);

        assertThat(ByHand.failure(expired)).isInstanceOf(ItemExpiredException.class);
        assertThat(batcher.stop(true)).isCompleted();
    }

    @Test
    void oneThatRunsATaskAndThenRejectsItDoesNotEndTheStopEarly() {
        List<Runnable> tasks = new ArrayList<>();
        Executor odd = task -> {
            if (tasks.isEmpty()) {
                tasks.add(() -> {});
                task.run();
                throw new RejectedExecutionException("after all");
            }
            tasks.add(task);
        };
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxQueueTime(Duration.ZERO)
                .completionExecutor(odd)
                .build();
        batcher.pause();
        batcher.process(1);
        CompletableFuture<Integer> second = batcher.process(2);
        batcher.resume();
        hand.executor.runAll();

        CompletableFuture<Void> end = batcher.stop(false);
        assertThat(end).isNotDone();
        tasks.get(1).run();

        assertThat(second).isCompleted();
        assertThat(end).isCompleted();
    }

    @Test
    @DisplayName(
            "Promise 1: a forced stop settles what a completionExecutor discarded, with the results that were there")
    void aForcedStopSettlesWhatWasDiscarded() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().completionExecutor(task -> {}).build();
        List<CompletableFuture<Integer>> lost = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        assertThat(lost).noneMatch(CompletableFuture::isDone);

        CompletableFuture<Void> end = batcher.stop(true);

        assertThat(lost).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
        assertThat(end).isCompleted();
    }

    @Test
    void anItemsTimeoutSettlesWhatWasDiscarded() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).completionExecutor(task -> {}).build();
        CompletableFuture<Integer> lost = batcher.process(1, Duration.ofSeconds(1));
        hand.executor.runAll();
        assertThat(lost).isNotDone();

        hand.time.advance(Duration.ofSeconds(1));

        assertThat(lost).isCompletedWithValue(2);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aGraceThatIsOverSettlesWhatWasDiscarded() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).completionExecutor(task -> {}).build();
        CompletableFuture<Integer> lost = batcher.process(1);
        hand.executor.runAll();

        CompletableFuture<Void> end = batcher.stop(Duration.ofSeconds(1));
        assertThat(end).isNotDone();
        hand.time.advance(Duration.ofSeconds(1));

        assertThat(lost).isCompletedWithValue(2);
        assertThat(end).isCompleted();
    }

    @Test
    void queuedItemsOfAForcedStopAreSettledThoughItDiscardsThemToo() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().completionExecutor(task -> {}).build();
        CompletableFuture<Integer> queued = batcher.process(1);
        CompletableFuture<Integer> timed = batcher.process(2, Duration.ofSeconds(1));
        hand.time.advance(Duration.ofSeconds(1));

        CompletableFuture<Void> end = batcher.stop(true);
        assertThat(end).isNotDone();
        hand.time.advance(Duration.ofSeconds(1));

        assertThat(end).isCompleted();
        assertThat(ByHand.failure(queued)).isInstanceOf(BatcherStoppedException.class);
        assertThat(ByHand.failure(timed)).isInstanceOf(ItemExpiredException.class);
    }

    @Test
    void whatItHasYetToRunIsSettledOnceAndWithItsFirstEnd() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).completionExecutor(completions).build();
        CompletableFuture<Integer> waiting = batcher.process(1, Duration.ofSeconds(1));
        hand.executor.runAll();
        assertThat(completions.waiting()).isEqualTo(1);

        hand.time.advance(Duration.ofSeconds(1));
        completions.runAll();

        assertThat(waiting).isCompletedWithValue(2);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void itemsThatItWasNotGivenStillGoToIt() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).completionExecutor(completions).build();
        CompletableFuture<Integer> given = batcher.process(1);
        hand.executor.runAll();
        CompletableFuture<Integer> queued = batcher.process(2);

        CompletableFuture<Void> end = batcher.stop(true);

        assertThat(given).isCompletedWithValue(2);
        assertThat(queued).isNotDone();
        completions.runAll();
        assertThat(ByHand.failure(queued)).isInstanceOf(BatcherStoppedException.class);
        assertThat(end).isCompleted();
    }

    @Test
    void oneThatIsShutDownWithTasksInItLeavesNothingUnsettled() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CountDownLatch release = new CountDownLatch(1);
        executor.execute(() -> ByHand.await(release));
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(5)
                .completionExecutor(executor)
                .build();
        List<CompletableFuture<Integer>> lost = ByHand.submit(batcher, 1, 5);
        ByHand.await(() -> batcher.snapshot().activeBatches() == 0);
        executor.shutdownNow();
        release.countDown();

        batcher.stop(true).get(20, SECONDS);

        assertThat(lost).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
    }

    @Test
    void aDiscardPolicyLosesNothingThatHasATimeout() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), new ThreadPoolExecutor.DiscardPolicy());
        executor.execute(() -> ByHand.await(release));
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(5)
                .completionExecutor(executor)
                .build();
        batcher.pause();
        List<CompletableFuture<Integer>> futures = java.util.stream.IntStream.rangeClosed(1, 5)
                .mapToObj(item -> batcher.process(item, Duration.ofMillis(200)))
                .toList();
        batcher.resume();

        for (CompletableFuture<Integer> future : futures) {
            future.handle((result, failure) -> null).get(20, SECONDS);
        }
        release.countDown();
        batcher.stop(false).get(20, SECONDS);
        executor.shutdown();
    }
}
