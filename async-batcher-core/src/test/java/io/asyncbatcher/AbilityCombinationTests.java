package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Abilities that meet. */
@Timeout(30)
class AbilityCombinationTests {

    private static final Duration DELAY = Duration.ofMillis(20);

    private final ByHand hand = new ByHand();
    private final Map<Integer, Integer> tries = new HashMap<>();

    /** Negative items are tried a second time. */
    private AsyncBatcher.Builder<Integer, Integer> retrying() {
        return hand.outcomes(item -> item < 0 && tries.merge(item, 1, Integer::sum) == 1
                ? Outcome.retry(new IOException(), DELAY)
                : Outcome.success(2 * item));
    }

    private static List<CompletableFuture<Integer>> submit(AsyncBatcher<Integer, Integer> batcher, Integer... items) {
        return List.of(items).stream().map(batcher::process).toList();
    }

    @Test
    void aRetryGoesBackToItsOwnPartitionAndHoldsUpNoOther() {
        AsyncBatcher<Integer, Integer> batcher =
                retrying().partitionBy(item -> Math.abs(item) / 100).build();
        submit(batcher, -1, 2, -101, 102);
        hand.pass(ByHand.LINGER);
        submit(batcher, 3, 103);
        hand.pass(ByHand.LINGER);
        assertThat(hand.batches)
                .containsExactlyInAnyOrder(List.of(-1, 2), List.of(-101, 102), List.of(3), List.of(103));
        submit(batcher, 4, 104);

        hand.pass(ByHand.LINGER);

        assertThat(hand.batches.subList(4, hand.batches.size()))
                .containsExactlyInAnyOrder(List.of(-1, 4), List.of(-101, 104));
    }

    @Test
    void aPartitionOfOneDelayedItemIsNotForgotten() {
        AsyncBatcher<Integer, Integer> batcher =
                retrying().partitionBy(item -> Math.abs(item)).build();

        List<CompletableFuture<Integer>> futures = submit(batcher, -1, -2, -3);
        hand.pass(ByHand.LINGER);
        assertThat(batcher.snapshot().queued()).isEqualTo(3);
        futures.get(1).cancel(false);
        hand.pass(DELAY);

        assertThat(futures.get(0)).isCompletedWithValue(-2);
        assertThat(futures.get(2)).isCompletedWithValue(-6);
        assertThat(hand.batches).hasSize(5);
    }

    @Test
    void aRetriedItemWeighsWhatItWeighed() {
        AsyncBatcher<Integer, Integer> batcher =
                retrying().maxBatchWeight(10, item -> Math.abs(item)).build();
        submit(batcher, -6, 4);
        hand.executor.runAll();
        hand.time.advance(DELAY.minusMillis(1));
        submit(batcher, 3, 2);

        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(-6, 4), List.of(-6, 3), List.of(2));
    }

    @Test
    void isolationTimeoutAndRateLimitTogetherEndEveryItem() {
        List<Long> calls = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    calls.add(hand.time.nanoTime());
                    hand.time.advanceMillis(batch.contains(7) ? 60 : 10);
                    if (batch.contains(3)) {
                        throw new IllegalStateException();
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(8)
                .batchTimeout(Duration.ofMillis(50))
                .rateLimit(1, Duration.ofMillis(100))
                .isolateFailures(failure -> true)
                .build();
        List<CompletableFuture<Integer>> slow = ByHand.submit(batcher, 1, 8);
        hand.pass(Duration.ofSeconds(1));
        assertThat(slow)
                .extracting(ByHand::failure)
                .as("its first call timed out with every item")
                .allMatch(BatchAbortedException.class::isInstance);

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 2, 3, 4, 5, 6, 8, 9);
        hand.pass(Duration.ofSeconds(2));

        assertThat(ByHand.failure(futures.get(2))).isInstanceOf(IllegalStateException.class);
        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .as("time that a half waits for its rate limit is not the processor's")
                .hasSize(1);
        for (int i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i) - calls.get(i - 1)).isGreaterThanOrEqualTo(100_000_000);
        }
        assertThat(Thread.interrupted()).isFalse();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aGracefulStopKeepsDelaysAndRateLimits() {
        List<Long> calls = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    calls.add(hand.time.nanoTime());
                    return tries.merge(item, 1, Integer::sum) == 1
                            ? Outcome.retry(new IOException(), DELAY)
                            : Outcome.success(2 * item);
                })
                .maxBatchSize(1)
                .partitionBy(item -> item)
                .rateLimit(1, Duration.ofMillis(30))
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);

        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.pass(Duration.ofMillis(209));
        assertThat(stopped).isNotDone();
        hand.pass(Duration.ofMillis(2));

        assertThat(stopped).isCompleted();
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8);
        assertThat(calls).hasSize(8);
        for (int i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i) - calls.get(i - 1)).isGreaterThanOrEqualTo(30_000_000);
        }
    }

    @Test
    void aForcedStopTellsWhoMayHaveRun() {
        AsyncBatcher<Integer, Integer> batcher = retrying()
                .maxBatchSize(2)
                .partitionBy(item -> Math.abs(item) / 100)
                .build();
        List<CompletableFuture<Integer>> tried = submit(batcher, -1, -2);
        hand.executor.runNext();
        List<CompletableFuture<Integer>> handedOver = submit(batcher, 101, 102);
        List<CompletableFuture<Integer>> queued = submit(batcher, 3, 4, 103, 201);
        assertThat(hand.executor.waiting()).isEqualTo(1);

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(stopped).isCompleted();
        assertThat(tried)
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatcherStoppedException own && own.mayHaveRun());
        assertThat(handedOver)
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatcherStoppedException own && !own.mayHaveRun());
        assertThat(queued)
                .extracting(ByHand::failure)
                .allMatch(failure -> failure instanceof BatcherStoppedException own && !own.mayHaveRun());
        hand.executor.runAll();
        hand.time.advance(DELAY);
        assertThat(hand.executor.waiting()).isZero();
        assertThat(hand.batches).hasSize(1);
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void afterAForcedStopAndAStartNothingOldComesBack() {
        AsyncBatcher<Integer, Integer> batcher = retrying().maxBatchSize(1).build();
        submit(batcher, -1);
        hand.executor.runAll();
        batcher.stop(true);
        batcher.start();
        CompletableFuture<Integer> fresh = batcher.process(2);

        hand.pass(Duration.ofMillis(50));

        assertThat(fresh).isCompletedWithValue(4);
        assertThat(hand.batches).containsExactly(List.of(-1), List.of(2));
    }

    @Test
    void aRetriedItemThatTimesOutInItsSecondTryMayHaveRunThoughThatOneNeverBegan() {
        AsyncBatcher<Integer, Integer> batcher =
                retrying().maxBatchSize(1).batchTimeout(Duration.ofMillis(50)).build();
        CompletableFuture<Integer> future = batcher.process(-1);
        hand.executor.runAll();
        hand.time.advance(DELAY);
        assertThat(hand.executor.waiting()).isEqualTo(1);

        hand.time.advanceMillis(50);

        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        failure -> assertThat(failure.mayHaveRun()).isTrue());
    }

    @Test
    void aBlockedSubmitterWaitsForPlacesThatRetriesTook() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = retrying()
                .maxBatchSize(1)
                .maxQueueSize(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofDays(1))
                .build();
        CompletableFuture<Integer> tried = batcher.process(-1);
        CompletableFuture<Integer> queued = batcher.process(-2);
        hand.executor.runNext();
        hand.executor.runNext();
        CompletableFuture<CompletableFuture<Integer>> blocked = ByHand.elsewhere(() -> batcher.process(3));
        assertThat(hand.executor.waiting()).isZero();
        assertThat(blocked).isNotDone();

        hand.time.advance(DELAY);

        ByHand.await(() -> {
            hand.executor.runAll(); // the other thread hands batches over, too, and runs none
            return blocked.isDone() && blocked.join().isDone();
        });
        CompletableFuture<Integer> last = blocked.join();
        assertThat(tried).isCompletedWithValue(-2);
        assertThat(queued).isCompletedWithValue(-4);
        assertThat(last).isCompletedWithValue(6);
    }

    @Test
    void deduplicatedIsolatedAndRetriedEveryCallerGetsItsOwn() {
        Set<List<Integer>> seen = new HashSet<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> {
                            hand.batches.add(List.copyOf(batch));
                            if (batch.size() > 1 && batch.contains(3)) {
                                throw new IllegalStateException();
                            }
                            boolean first = seen.add(List.copyOf(batch));
                            return batch.stream()
                                    .map(item -> item == 2 && first
                                            ? Outcome.<Integer>retry(new IOException(), DELAY)
                                            : Outcome.success(2 * item))
                                    .toList();
                        }))
                .maxBatchSize(8)
                .deduplicate()
                .time(hand.time)
                .executor(hand.executor)
                .maxAttempts(20)
                .isolateFailures(failure -> true)
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, 2, 3, 2, 1, 3, 4, 2);
        hand.pass(Duration.ofMillis(500));

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 4, 2, 6, 8, 4);
        assertThat(hand.batches).allSatisfy(batch -> assertThat(batch).doesNotHaveDuplicates());
    }

    @Test
    void aListenerThatThrowsEverywhereHurtsNoAbility() {
        BatcherListener failing = new BatcherListener() {
            @Override
            public void onRejected(String name, RejectionReason reason) {
                throw new AssertionError("thrown by a test");
            }

            @Override
            public void onDispatched(String name, DispatchReason reason, long[] queueNanos) {
                throw new StackOverflowError("thrown by a test");
            }

            @Override
            public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                throw new AssertionError("thrown by a test");
            }

            @Override
            public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                throw new AssertionError("thrown by a test");
            }
        };
        Logger logger = Logger.getLogger("io.asyncbatcher");
        logger.setUseParentHandlers(false);
        try {
            AsyncBatcher<Integer, Integer> batcher = retrying()
                    .maxBatchWeight(10, item -> Math.abs(item))
                    .partitionBy(item -> item % 2)
                    .deduplicate()
                    .batchTimeout(Duration.ofMillis(50))
                    .rateLimit(5, Duration.ofMillis(5))
                    .isolateFailures(failure -> true)
                    .listener(failing)
                    .build();

            List<CompletableFuture<Integer>> futures = submit(batcher, -1, 2, 2, 3, -4, 11, -1, 5);
            CompletableFuture<Void> stopped = batcher.stop(false);
            hand.pass(Duration.ofMillis(100));

            assertThat(ByHand.failure(futures.get(5))).isInstanceOf(ItemTooHeavyException.class);
            assertThat(futures).allMatch(CompletableFuture::isDone);
            assertThat(futures.get(7)).isCompletedWithValue(10);
            assertThat(futures.get(4)).isCompletedWithValue(-8);
            assertThat(stopped).isCompleted();
        } finally {
            logger.setUseParentHandlers(true);
        }
    }
}
