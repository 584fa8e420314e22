package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failed batches that are halved until only the items at fault fail. */
@Timeout(60)
class IsolationTests {

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
    void aBatchOfOneIsNotHalved() {
        AsyncBatcher<Integer, Integer> batcher =
                poisonedBy(Set.of(1)).maxBatchSize(1).build();
        CompletableFuture<Integer> future = batcher.process(1);

        hand.executor.runNext(); // not all: a batch that is halved again and again never ends

        assertThat(ByHand.failure(future)).isInstanceOf(Poisoned.class);
        assertThat(hand.executor.waiting()).isZero();
        assertThat(hand.batches).containsExactly(List.of(1));
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
}
