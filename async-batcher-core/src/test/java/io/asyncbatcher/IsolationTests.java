package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failed batches that are halved until only the items at fault fail. */
@Timeout(60)
class IsolationTests {

    /** Says of which batch it is. */
    private static final class Poisoned extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final transient List<Integer> batch;

        Poisoned(List<Integer> batch) {
            this.batch = List.copyOf(batch);
        }
    }

    private final ByHand hand = new ByHand();

    private AsyncBatcher.Builder<Integer, Integer> poisonedBy(Set<Integer> poison) {
        return hand.builder(batch -> {
                    if (batch.stream().anyMatch(poison::contains)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(8)
                .isolateFailures(Poisoned.class::isInstance);
    }

    private static int log2Ceiling(int number) {
        return 32 - Integer.numberOfLeadingZeros(number - 1);
    }

    @Test
    void onlyTheItemAtFaultFailsAndWithItsOwnFailure() {
        AsyncBatcher<Integer, Integer> batcher = poisonedBy(Set.of(3)).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(ByHand.failure(futures.get(2)))
                .isInstanceOfSatisfying(
                        Poisoned.class, failure -> assertThat(failure.batch).containsExactly(3));
        for (int item : new int[] {1, 2, 4, 5, 6, 7, 8}) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
        assertThat(hand.batches).hasSizeBetween(2, 7).allMatch(batch -> !batch.isEmpty());
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void everySetOfItemsAtFaultIsFoundWithinTheBound() {
        for (int size = 1; size <= 9; size++) {
            for (int bits = 0; bits < 1 << size; bits++) {
                Set<Integer> poison = new HashSet<>();
                for (int item = 0; item < size; item++) {
                    if ((bits >> item & 1) == 1) {
                        poison.add(item);
                    }
                }
                new IsolationTests().assertFound(size, poison);
            }
        }
    }

    @Test
    void manyItemsAreFoundWithinTheBound() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int size = 1 + random.nextInt(500);
            Set<Integer> poison = new HashSet<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                poison.add(random.nextInt(size));
            }
            new IsolationTests().assertFound(size, poison);
        }
    }

    private void assertFound(int size, Set<Integer> poison) {
        AsyncBatcher<Integer, Integer> batcher =
                poisonedBy(poison).maxBatchSize(size).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, size - 1);
        hand.executor.runAll();

        for (int item = 0; item < size; item++) {
            CompletableFuture<Integer> future = futures.get(item);
            if (poison.contains(item)) {
                assertThat(ByHand.failure(future))
                        .as("%d of %d with %s", item, size, poison)
                        .isInstanceOf(Poisoned.class);
            } else {
                assertThat(future).as("%d of %d with %s", item, size, poison).isCompletedWithValue(2 * item);
            }
        }
        int bound = 2 * poison.size() * log2Ceiling(size);
        assertThat(hand.batches.size() - 1)
                .as("more calls for %d with %s: %s", size, poison, hand.batches)
                .isLessThanOrEqualTo(bound);
        assertThat(hand.batches).allSatisfy(batch -> assertThat(batch).isSorted());
    }

    @Test
    void otherFailuresFailTheWholeBatch() {
        AsyncBatcher<Integer, Integer> batcher = poisonedBy(Set.of(3))
                .isolateFailures(IllegalStateException.class::isInstance)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void errorsMayBeSomebodysFaultToo() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(3)) {
                        throw new StackOverflowError("thrown by a test");
                    }
                    return ByHand.doubled(batch);
                })
                .isolateFailures(failure -> failure instanceof StackOverflowError)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
        assertThat(ByHand.failure(futures.get(2))).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aPredicateThatThrowsFailsTheBatchAndNothingElse() {
        AsyncBatcher<Integer, Integer> batcher = poisonedBy(Set.of(3))
                .isolateFailures(failure -> {
                    throw new AssertionError("thrown by a test");
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();
        List<CompletableFuture<Integer>> next = ByHand.submit(batcher, 11, 18);
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.get(2)).isCompletedExceptionally();
        assertThat(next).allMatch(future -> !future.isCompletedExceptionally());
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aBrokenContractIsNobodysFault() {
        List<Throwable> asked = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> List.of())
                .isolateFailures(failure -> asked.add(failure))
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(futures).extracting(ByHand::failure).allMatch(BatchResultException.class::isInstance);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatAnItemsOutcomeSaysIsNotAskedAbout() {
        List<Throwable> asked = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> item == 3 ? Outcome.failure(new IllegalStateException()) : Outcome.success(item))
                .isolateFailures(failure -> asked.add(failure))
                .build();

        ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void aFailureThatPassesByFailsNobody() {
        boolean[] failed = {false};
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (!failed[0]) {
                        failed[0] = true;
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .isolateFailures(failure -> true)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
        assertThat(hand.batches).hasSize(3);
    }

    @Test
    void itIsNoAttempt() {
        AsyncBatcher<Integer, Integer> batcher =
                poisonedBy(Set.of(3)).maxAttempts(1).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
    }

    @Test
    void itStaysInItsSlotAndNobodyComesBetween() {
        List<Integer> active = new ArrayList<>();
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    active.add(self.get(0).snapshot().activeBatches());
                    if (batch.contains(3)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .isolateFailures(failure -> true)
                .build();
        self.add(batcher);

        ByHand.submit(batcher, 1, 10);
        hand.executor.runAll();

        assertThat(active).containsOnly(1);
        assertThat(hand.batches).last().isEqualTo(List.of(6, 7, 8, 9, 10));
        assertThat(hand.batches.subList(0, hand.batches.size() - 1))
                .noneMatch(batch -> batch.stream().anyMatch(item -> item > 5));
    }

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
    void aProcessorThatKeepsItsListsAndChangesItsResultsChangesNothing() {
        List<List<Integer>> kept = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    kept.forEach(List::clear);
                    if (batch.contains(3)) {
                        throw new Poisoned(batch);
                    }
                    List<Integer> results = new ArrayList<>(ByHand.doubled(batch));
                    kept.add(results);
                    return results;
                })
                .isolateFailures(Poisoned.class::isInstance)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(ByHand.failure(futures.get(2))).isInstanceOf(Poisoned.class);
        assertThat(List.of(futures.get(0), futures.get(1), futures.get(3), futures.get(4)))
                .extracting(CompletableFuture::join)
                .containsExactly(2, 4, 8, 10);
    }

    @Test
    void aLargeBatchMakesNoDeepStack() {
        Set<Integer> poison = Set.of(0, 77_777, 99_999);
        AsyncBatcher<Integer, Integer> batcher =
                poisonedBy(poison).maxBatchSize(100_000).maxQueueSize(-1).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, 99_999);
        hand.executor.runAll();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(3);
        assertThat(hand.batches).hasSizeLessThanOrEqualTo(1 + 2 * 3 * 17);
    }

    @Test
    void equalItemsShareTheirFault() {
        AsyncBatcher<Integer, Integer> batcher =
                poisonedBy(Set.of(3)).deduplicate().build();

        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int item : new int[] {1, 3, 2, 3, 3, 1, 4, 5}) {
            futures.add(batcher.process(item));
        }
        hand.executor.runAll();

        assertThat(futures)
                .extracting(CompletableFuture::isCompletedExceptionally)
                .containsExactly(false, true, false, true, true, false, false, false);
        assertThat(hand.batches).allSatisfy(batch -> assertThat(batch).doesNotHaveDuplicates());
        assertThat(hand.batches).hasSizeLessThanOrEqualTo(1 + 2 * 3 * 3);
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

    @Test
    void aPredicateThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .concurrency(2)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ofDays(1))
                .isolateFailures(failure -> {
                    entered.countDown();
                    ByHand.await(released);
                    return true;
                })
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        assertThat(entered.await(10, SECONDS)).isTrue();

        try {
            List<CompletableFuture<Integer>> others =
                    ByHand.elsewhere(() -> ByHand.submit(batcher, 3, 4)).get(10, SECONDS);
            assertThat(others.get(1).get(10, SECONDS)).isEqualTo(8);
        } finally {
            released.countDown();
        }
        assertThat(futures.get(1).get(10, SECONDS)).isEqualTo(4);
        batcher.close();
    }

    @Test
    void aTaskThatRunsTwiceDoesntBeginTheNextHalfBeforeItMay() {
        List<Runnable> tasks = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = poisonedBy(Set.of(1))
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
    void aHalfOfWhichOneItemIsLeftIsNotRunAgain() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.size() == 4) {
                        futures.get(0).cancel(false);
                    }
                    throw new Poisoned(batch);
                })
                .maxBatchSize(4)
                .isolateFailures(Poisoned.class::isInstance)
                .build();
        futures.addAll(ByHand.submit(batcher, 1, 4));

        hand.executor.runAll();

        assertThat(hand.batches)
                .containsExactly(List.of(1, 2, 3, 4), List.of(2), List.of(3, 4), List.of(3), List.of(4));
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
}
