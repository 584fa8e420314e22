package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to a failed batch, and to its items, between the calls with its halves. */
@Timeout(60)
class HalvedBatchTests {

    private final ByHand hand = new ByHand();

    @Test
    void whoIsCancelledOrExpiresMeanwhileIsNotCalledWithAgain() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (hand.batches.size() == 1) {
                        futures.get(0).cancel(false);
                        futures.get(1).cancel(false);
                        futures.get(2).complete(7);
                        hand.time.advanceMillis(5);
                    }
                    throw new Poisoned(batch);
                })
                .maxBatchSize(8)
                .isolateFailures(failure -> true)
                .build();
        futures.addAll(ByHand.submit(batcher, 1, 7));
        futures.add(batcher.process(8, Duration.ofMillis(5)));

        hand.executor.runAll();

        assertThat(hand.batches.subList(1, hand.batches.size()))
                .noneMatch(batch -> batch.isEmpty() || batch.stream().anyMatch(Set.of(1, 2, 3, 8)::contains));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(ByHand.failure(futures.get(7))).isInstanceOf(ItemExpiredException.class);
    }

    @Test
    void anItemThatHasExpiredIsInNoHalfThoughItsCallerDoesntKnowYet() {
        HandRunExecutor completions = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.size() == 2) {
                        hand.time.advanceMillis(20);
                    }
                    throw new Poisoned(batch);
                })
                .maxBatchSize(2)
                .isolateFailures(Poisoned.class::isInstance)
                .completionExecutor(completions)
                .build();
        CompletableFuture<Integer> expired = batcher.process(1, Duration.ofMillis(15));
        CompletableFuture<Integer> other = batcher.process(2);

        hand.executor.runAll();
        completions.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(2));
        assertThat(ByHand.failure(expired)).isInstanceOf(ItemExpiredException.class);
        assertThat(ByHand.failure(other)).isInstanceOf(Poisoned.class);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void everyCallHasItsOwnTimeout() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    hand.time.advanceMillis(40);
                    if (batch.contains(3)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(8)
                .batchTimeout(Duration.ofMillis(50))
                .isolateFailures(Poisoned.class::isInstance)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(ByHand.failure(futures.get(2))).isInstanceOf(Poisoned.class);
        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(batcher.stop(false)).isCompleted();
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aHalfThatTakesTooLongFailsAlone() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.size() == 8) {
                        throw new Poisoned(batch);
                    }
                    if (batch.contains(1)) {
                        hand.time.advanceMillis(60);
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(8)
                .batchTimeout(Duration.ofMillis(50))
                .isolateFailures(Poisoned.class::isInstance)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(futures.subList(0, 4))
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatchAbortedException aborted && aborted.mayHaveRun());
        assertThat(futures.subList(4, 8)).extracting(CompletableFuture::join).containsExactly(10, 12, 14, 16);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aForcedStopEndsItBetweenTwoCalls() {
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (hand.batches.size() == 2) {
                        self.get(0).stop(true);
                        Thread.interrupted();
                    }
                    throw new Poisoned(batch);
                })
                .isolateFailures(failure -> true)
                .build();
        self.add(batcher);

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        Thread.interrupted();

        assertThat(hand.batches).hasSize(2);
        assertThat(futures)
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatchAbortedException aborted && aborted.mayHaveRun());
        assertThat(batcher.stop(false)).isCompleted();
        assertThat(batcher.snapshot().abandonedBatches()).isZero();
    }

    @Test
    void aGracefulStopWaitsForIt() {
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    stops.add(self.get(0).stop(false));
                    assertThat(stops).noneMatch(CompletableFuture::isDone);
                    if (batch.contains(3)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .isolateFailures(Poisoned.class::isInstance)
                .build();
        self.add(batcher);

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
        assertThat(stops).allMatch(CompletableFuture::isDone);
    }

    @Test
    void anExecutorThatRejectsInTheMiddleLeavesNobodyWaiting() {
        boolean[] rejects = {false};
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    if (batch.contains(3)) {
                        return CompletableFuture.failedFuture(new Poisoned(batch));
                    }
                    return CompletableFuture.completedFuture(ByHand.doubled(batch));
                })
                .maxBatchSize(8)
                .time(hand.time)
                .executor(task -> {
                    if (rejects[0]) {
                        throw new RejectedExecutionException();
                    }
                    hand.executor.execute(task);
                })
                .rateLimit(2, Duration.ofMillis(10))
                .isolateFailures(Poisoned.class::isInstance)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        rejects[0] = true;
        hand.pass(Duration.ofMillis(200));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(batcher.snapshot().activeBatches()).isZero();
        rejects[0] = false;

        CompletableFuture<Integer> next = batcher.process(9);
        hand.pass(Duration.ofMillis(50));
        assertThat(next).isCompletedWithValue(18);
    }

    @Test
    void aTaskThatRunsTwiceDoesNotBeginTheNextHalfBeforeItMay() {
        List<Runnable> tasks = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .isolateFailures(Poisoned.class::isInstance)
                .maxBatchSize(2)
                .rateLimit(1, Duration.ofMillis(10))
                .executor(tasks::add)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        Runnable first = tasks.remove(0);
        first.run();
        assertThat(tasks).isEmpty();

        first.run();

        assertThat(hand.batches).containsExactly(List.of(1, 2));
        for (int half = 0; half < 2; half++) {
            hand.time.advanceMillis(10);
            tasks.remove(0).run();
        }
        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(1), List.of(2));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void asynchronousBatchesAreHalvedToo() {
        Map<List<Integer>, CompletableFuture<List<Integer>>> stages = new TreeMap<>(
                (a, b) -> a.equals(b) ? 0 : Integer.compare(a.get(0) * 100 - a.size(), b.get(0) * 100 - b.size()));
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    assertThat(stages.values()).as("one after the other").allMatch(CompletableFuture::isDone);
                    CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
                    stages.put(List.copyOf(batch), stage);
                    return stage;
                })
                .maxBatchSize(4)
                .time(hand.time)
                .executor(hand.executor)
                .isolateFailures(Poisoned.class::isInstance)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        for (int turn = 0; turn < 10; turn++) {
            List.copyOf(stages.entrySet()).stream()
                    .filter(entry -> !entry.getValue().isDone())
                    .forEach(entry -> {
                        if (entry.getKey().contains(2)) {
                            entry.getValue().completeExceptionally(new Poisoned(entry.getKey()));
                        } else {
                            entry.getValue().complete(ByHand.doubled(entry.getKey()));
                        }
                    });
            hand.executor.runAll();
        }

        assertThat(ByHand.failure(futures.get(1))).isInstanceOf(Poisoned.class);
        assertThat(List.of(futures.get(0), futures.get(2), futures.get(3)))
                .extracting(CompletableFuture::join)
                .containsExactly(2, 6, 8);
        assertThat(batcher.stop(false)).isCompleted();
    }

    // ---- 4: stale ends of stages ----

    /** A stage that tells its dependents twice. */
    private static final class Twice extends CompletableFuture<List<Integer>> {
        private final List<BiConsumer<? super List<Integer>, ? super Throwable>> told = new ArrayList<>();

        @Override
        public CompletableFuture<List<Integer>> whenComplete(
                BiConsumer<? super List<Integer>, ? super Throwable> action) {
            told.add(action);
            return this;
        }
    }

    @Test
    void aStageOfAnEarlierHalfThatEndsTwiceDoesNotSwallowTheEndOfTheNext() {
        List<Twice> stages = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    stages.add(new Twice());
                    return stages.get(stages.size() - 1);
                })
                .maxBatchSize(2)
                .isolateFailures(Poisoned.class::isInstance)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();
        stages.get(0).told.get(0).accept(null, new Poisoned(List.of(1, 2)));
        hand.executor.runAll();
        stages.get(0).told.get(0).accept(null, new Poisoned(List.of(1, 2))); // again
        stages.get(1).told.get(0).accept(List.of(1), null);
        hand.executor.runAll();

        assertThat(stages).hasSize(3);
        stages.get(2).told.get(0).accept(List.of(2), null);
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aHalfMayAskForRetriesAndForAPause() {
        List<Integer> tried = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> {
                            hand.batches.add(List.copyOf(batch));
                            if (batch.size() > 4 || batch.contains(3)) {
                                throw new Poisoned(batch);
                            }
                            if (batch.contains(8) && !tried.contains(-8)) {
                                tried.add(-8);
                                throw new RateLimitedException(Duration.ofMillis(5));
                            }
                            return batch.stream()
                                    .map(item -> {
                                        tried.add(item);
                                        return item == 7 && tried.indexOf(7) == tried.lastIndexOf(7)
                                                ? Outcome.<Integer>retry(new IllegalStateException())
                                                : Outcome.success(2 * item);
                                    })
                                    .toList();
                        }))
                .maxBatchSize(8)
                .time(hand.time)
                .executor(hand.executor)
                .isolateFailures(Poisoned.class::isInstance)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.pass(Duration.ofMillis(60));

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
        assertThat(ByHand.failure(futures.get(2))).isInstanceOf(Poisoned.class);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @ParameterizedTest
    @CsvSource({"100, 60, 100", "30, 60, 60"})
    void theDelayOfARetryCountsFromTheReturnOfItsHalf(int delay, int otherHalf, int expected) {
        List<Long> tried = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> {
                            if (batch.size() == 4) {
                                throw new Poisoned(batch);
                            }
                            if (batch.contains(3)) {
                                hand.time.advanceMillis(otherHalf);
                            }
                            return batch.stream()
                                    .map(item -> retryFirst(item, delay, tried))
                                    .toList();
                        }))
                .maxBatchSize(4)
                .maxQueueTime(ByHand.LINGER)
                .time(hand.time)
                .executor(hand.executor)
                .isolateFailures(Poisoned.class::isInstance)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.pass(Duration.ofMillis(100));

        assertThat(tried).hasSize(2);
        assertThat(Duration.ofNanos(tried.get(1) - tried.get(0))).isEqualTo(Duration.ofMillis(expected));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8);
    }

    private Outcome<Integer> retryFirst(int item, int delay, List<Long> tried) {
        if (item == 1) {
            tried.add(hand.time.nanoTime());
            if (tried.size() == 1) {
                return Outcome.retry(new IllegalStateException(), Duration.ofMillis(delay));
            }
        }
        return Outcome.success(2 * item);
    }

    /** The call with all items fails; of each half, odd items ask for a retry. */
    private AsyncBatcher.Builder<Integer, Integer> retriedInHalves() {
        return hand.outcomes(item -> {
                    if (hand.batches.size() == 1) {
                        throw new Poisoned(hand.batches.get(0));
                    }
                    return item % 2 == 1 ? Outcome.retry(new IllegalStateException()) : Outcome.success(2 * item);
                })
                .maxBatchSize(4)
                .isolateFailures(Poisoned.class::isInstance);
    }

    @Test
    void aRetryOfAnEarlierHalfIsSettledByAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher = retriedInHalves().build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext();
        hand.executor.runNext(); // the first half

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(stopped).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(ByHand.failure(futures.get(0))).isInstanceOf(BatcherStoppedException.class);
        assertThat(futures.get(1)).isCompletedWithValue(4);
    }

    @Test
    void aRetryOfAnEarlierHalfIsTriedAgainThoughTheOtherHalfTimesOut() {
        AsyncBatcher<Integer, Integer> batcher =
                retriedInHalves().batchTimeout(Duration.ofMillis(50)).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext();
        hand.executor.runNext(); // the first half

        hand.time.advanceMillis(60);
        hand.pass(Duration.ofMillis(500));

        assertThat(ByHand.failure(futures.get(0))).isInstanceOf(IllegalStateException.class);
        assertThat(futures.get(1)).isCompletedWithValue(4);
        assertThat(futures.subList(2, 4))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(BatchAbortedException.class);
        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4), List.of(1, 2), List.of(1), List.of(1));
    }

    @Test
    void aRetryOfAnEarlierHalfIsSettledThoughTheOtherHalfIsRejected() {
        boolean[] rejects = {false};
        AsyncBatcher<Integer, Integer> batcher = retriedInHalves()
                .executor(task -> {
                    if (rejects[0]) {
                        throw new RejectedExecutionException("thrown by a test");
                    }
                    hand.executor.execute(task);
                })
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext();

        rejects[0] = true;
        hand.executor.runNext(); // the first half
        rejects[0] = false;
        hand.pass(Duration.ofMillis(500));

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.get(1)).isCompletedWithValue(4);
    }

    @Test
    void allHalvesThatWaitForTheRateAreCalledWhenItAllowsThem() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new Poisoned(batch);
                })
                .maxBatchSize(2)
                .concurrency(2)
                .rateLimit(2, Duration.ofMillis(10))
                .isolateFailures(failure -> true)
                .build();
        ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(3, 4));

        hand.time.advanceMillis(10);

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void aHalfThatAForcedStopCutsWhileItWaitsTakesNoPermission() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        throw new Poisoned(batch);
                    }
                    return batch;
                })
                .maxBatchSize(2)
                .concurrency(1)
                .rateLimit(1, Duration.ofMillis(10))
                .isolateFailures(failure -> true)
                .build();
        ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();

        batcher.stop(true);
        batcher.start();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 3, 4);
        hand.pass(Duration.ofMillis(20));

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(3, 4));
    }

    @Test
    void aMessageCountsTheItemsOfTheHalf() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new CancellationException();
                })
                .maxBatchSize(4)
                .isolateFailures(failure -> true)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);

        hand.executor.runAll();

        assertThat(futures)
                .allSatisfy(future -> assertThat(ByHand.failure(future)).hasMessageEndingWith("in a batch of 1 items"));
    }

    @Test
    void anotherBatchOfItsThreadComesBetweenTwoCalls() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        hand.time.skip(ByHand.LINGER); // the others are due now, and no alarm has rung
                    }
                    if (batch.contains(101)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .partitionBy(item -> item / 100)
                .maxBatchSize(4)
                .concurrency(3)
                .isolateFailures(Poisoned.class::isInstance)
                .executor(Runnable::run)
                .build();
        List<CompletableFuture<Integer>> halved = ByHand.submit(batcher, 101, 102);
        List<CompletableFuture<Integer>> other = ByHand.submit(batcher, 201, 202);

        ByHand.submit(batcher, 1, 4);

        assertThat(hand.batches.subList(1, 3)).containsExactly(List.of(101, 102), List.of(201, 202));
        assertThat(ByHand.failure(halved.get(0))).isInstanceOf(Poisoned.class);
        assertThat(halved.get(1)).isCompletedWithValue(204);
        assertThat(other).extracting(CompletableFuture::join).containsExactly(402, 404);
    }
}
