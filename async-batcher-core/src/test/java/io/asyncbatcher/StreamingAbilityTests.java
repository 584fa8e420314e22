package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.asyncbatcher.testing.HandRunExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Streaming together with the other abilities: deduplication, isolation, rate limits, partitions, weight. */
class StreamingAbilityTests {

    private final Streaming streaming = new Streaming();
    private final ByHand hand = streaming.hand;

    private static List<CompletableFuture<Integer>> submit(AsyncBatcher<Integer, Integer> batcher, Integer... items) {
        return Stream.of(items).map(batcher::process).toList();
    }

    // ---- deduplication ----

    @Test
    void allCallersOfEqualItemsGetTheReport() {
        List<Boolean> done = new ArrayList<>();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        IllegalStateException cause = new IllegalStateException();
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    results.success(0, 70);
                    futures.forEach(future -> done.add(future.isDone()));
                    results.failure(1, cause);
                })
                .deduplicate()
                .build();
        futures.addAll(submit(batcher, 7, 8, 7, 8));

        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(7, 8));
        assertThat(done).containsExactly(true, false, true, false);
        assertThat(futures.get(0)).isCompletedWithValue(70);
        assertThat(futures.get(2)).isCompletedWithValue(70);
        assertThat(List.of(futures.get(1), futures.get(3)))
                .extracting(ByHand::failure)
                .containsOnly(cause);
    }

    @Test
    void equalItemsThatAreNotReportedAllFail() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> results.success(1, 80))
                .deduplicate()
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 7, 8, 7, 7);
        hand.executor.runAll();

        assertThat(futures.get(1)).isCompletedWithValue(80);
        assertThat(List.of(futures.get(0), futures.get(2), futures.get(3)))
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(BatchResultException.class)
                        .hasMessageContaining("1 of 2 items"));
    }

    @Test
    void anItemThatCantBeComparedFailsAloneAndHasNoIndex() {
        record Odd(int number) {
            @Override
            public int hashCode() {
                if (number == 2) {
                    throw new IllegalStateException("no hash code");
                }
                return number;
            }
        }
        List<Integer> numbers = new ArrayList<>();
        AsyncBatcher<Odd, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Odd, Integer>streaming(
                        (batch, results) -> {
                            for (int i = 0; i < batch.size(); i++) {
                                numbers.add(batch.get(i).number);
                                results.success(i, batch.get(i).number);
                            }
                        }))
                .maxBatchSize(3)
                .deduplicate()
                .executor(hand.executor)
                .time(hand.time)
                .build();

        List<CompletableFuture<Integer>> futures = Stream.of(1, 2, 3)
                .map(number -> batcher.process(new Odd(number)))
                .toList();
        hand.executor.runAll();

        assertThat(numbers).containsExactly(1, 3);
        assertThat(futures.get(0)).isCompletedWithValue(1);
        assertThat(ByHand.failure(futures.get(1))).hasMessage("no hash code");
        assertThat(futures.get(2)).isCompletedWithValue(3);
    }

    // ---- isolation ----

    /** Reports until it comes to an item at fault, and throws there. */
    private AsyncBatcher.Builder<Integer, Integer> poisonedBy(Set<Integer> poison) {
        return streaming
                .builder((batch, results) -> {
                    for (int i = 0; i < batch.size(); i++) {
                        if (poison.contains(batch.get(i))) {
                            throw new Poisoned(batch);
                        }
                        results.success(i, 2 * batch.get(i));
                    }
                })
                .maxBatchSize(8)
                .isolateFailures(Poisoned.class::isInstance);
    }

    @Test
    void onlyWhatIsNotReportedIsHalved() {
        AsyncBatcher<Integer, Integer> batcher = poisonedBy(Set.of(5)).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(hand.batches)
                .containsExactly(List.of(1, 2, 3, 4, 5, 6, 7, 8), List.of(5, 6), List.of(5), List.of(6), List.of(7, 8));
        assertThat(ByHand.failure(futures.get(4))).isInstanceOf(Poisoned.class);
        for (int item : new int[] {1, 2, 3, 4, 6, 7, 8}) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void theLastItemThatIsNotReportedIsAtFaultAndNotCalledAgain() {
        AsyncBatcher<Integer, Integer> batcher = poisonedBy(Set.of(8)).build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(ByHand.failure(futures.get(7))).isInstanceOf(Poisoned.class);
        assertThat(futures.get(6)).isCompletedWithValue(14);
    }

    @Test
    void everyItemAtFaultIsFoundWithinTheBoundAndNoReportedOneIsCalledAgain() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            new StreamingAbilityTests().assertFound(random);
        }
    }

    private void assertFound(Random random) {
        int size = 1 + random.nextInt(60);
        Set<Integer> poison = new HashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            poison.add(random.nextInt(size));
        }
        boolean deduplicates = random.nextBoolean();
        Set<Integer> reported = new HashSet<>();
        List<Integer> again = new ArrayList<>();
        AsyncBatcher.Builder<Integer, Integer> builder = streaming
                .builder((batch, results) -> {
                    again.addAll(batch.stream().filter(reported::contains).toList());
                    for (int i = 0; i < batch.size(); i++) {
                        if (!poison.contains(batch.get(i)) && random.nextInt(3) == 0) {
                            results.success(i, 2 * batch.get(i));
                            reported.add(batch.get(i));
                        }
                    }
                    if (batch.stream().anyMatch(poison::contains)) {
                        throw new Poisoned(batch);
                    }
                    for (int i = 0; i < batch.size(); i++) {
                        if (reported.add(batch.get(i))) {
                            results.success(i, 2 * batch.get(i));
                        }
                    }
                })
                .maxBatchSize(size)
                .isolateFailures(failure -> true);
        AsyncBatcher<Integer, Integer> batcher = (deduplicates ? builder.deduplicate() : builder).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, size - 1);
        hand.executor.runAll();

        for (int item = 0; item < size; item++) {
            if (poison.contains(item)) {
                assertThat(ByHand.failure(futures.get(item))).isInstanceOf(Poisoned.class);
            } else {
                assertThat(futures.get(item)).isCompletedWithValue(2 * item);
            }
        }
        assertThat(again).as("reported, and called again").isEmpty();
        int rounds = 32 - Integer.numberOfLeadingZeros(size - 1);
        assertThat(hand.batches.size() - 1).isLessThanOrEqualTo(2 * poison.size() * rounds);
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aBrokenContractIsNotHalved() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> results.success(0, 1))
                .isolateFailures(failure -> true)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(ByHand.failure(futures.get(3))).isInstanceOf(BatchResultException.class);
    }

    @Test
    void aReportToAnEarlierCallOfAHalvedBatchIsTooLate() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    if (batch.size() == 4) {
                        throw new Poisoned(batch);
                    }
                    streaming.results.get(0).success(0, -1);
                    Streaming.succeed(batch, results, 0, 2);
                })
                .isolateFailures(failure -> true)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    // ---- back to the queue ----

    @Test
    void afterARateLimitedExceptionOnlyTheRestGoesBackToTheQueue() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    Streaming.succeed(batch, results, 0, batch.size() / 2);
                    if (hand.batches.size() == 1) {
                        throw new RateLimitedException(Duration.ofMillis(30));
                    }
                    Streaming.succeed(batch, results, batch.size() / 2, batch.size());
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();
        assertThat(futures).filteredOn(CompletableFuture::isDone).containsExactly(futures.get(0), futures.get(1));
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
        hand.pass(Duration.ofMillis(29));
        assertThat(hand.batches).hasSize(1);
        hand.pass(Duration.ofMillis(1));

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4), List.of(3, 4));
        for (int item = 1; item <= 4; item++) {
            assertThat(futures.get(item - 1)).isCompletedWithValue(2 * item);
        }
    }

    @Test
    void aRateLimitedExceptionAfterTheLastReportHoldsTheNextBatch() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    Streaming.succeed(batch, results, 0, batch.size());
                    throw new RateLimitedException(Duration.ofMillis(30));
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(1);
        assertThat(batcher.snapshot().queued()).isEqualTo(4);
        hand.pass(Duration.ofMillis(30));

        assertThat(hand.batches).hasSize(2);
        assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
    }

    @Test
    void aReportedFailureIsNotTriedAgain() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> results.failure(0, new IllegalStateException()))
                .maxBatchSize(1)
                .maxAttempts(5)
                .build();

        CompletableFuture<Integer> future = batcher.process(1);
        hand.pass(Duration.ofSeconds(10));

        assertThat(hand.batches).hasSize(1);
        assertThat(future).isCompletedExceptionally();
    }

    // ---- partitions and weight ----

    @Test
    void partitionsAndWeightHoldForTheRestThatGoesBack() {
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, results) -> {
                    results.success(0, 2 * batch.get(0));
                    if (hand.batches.size() <= 2) {
                        throw new RateLimitedException(Duration.ofMillis(5));
                    }
                    Streaming.succeed(batch, results, 1, batch.size());
                })
                .partitionBy(item -> item / 100)
                .maxBatchWeight(10, item -> item % 100)
                .build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 4, 3, 2, 104, 103, 102);
        hand.pass(Duration.ofMillis(60));

        assertThat(hand.batches)
                .containsExactly(List.of(4, 3, 2), List.of(104, 103, 102), List.of(3, 2), List.of(103, 102));
        assertThat(futures).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(batcher.snapshot().queued()).isZero();
        CompletableFuture<Integer> next = batcher.process(5);
        hand.pass(ByHand.LINGER);
        assertThat(next).isCompletedWithValue(10);
    }

    @Test
    void aReportedItemFreesNoSlot() {
        AsyncBatcher<Integer, Integer> batcher = streaming.async().build();
        ByHand.submit(batcher, 1, 8);
        hand.executor.runAll();

        Streaming.succeed(hand.batches.get(0), streaming.last(), 0, 4);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        streaming.stages.get(0).complete(null);
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(2);
    }

    @Test
    void aProcessorMayWaitForAnItemThatItHasReportedButForNoOther() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = streaming
                .builder((batch, reports) -> {
                    reports.success(0, 2);
                    for (CompletableFuture<Integer> future : futures) {
                        thrown.add(catchThrowable(() -> future.get(0, TimeUnit.SECONDS)));
                    }
                    reports.success(1, 4);
                })
                .maxBatchSize(2)
                .concurrency(1)
                .completionExecutor(new HandRunExecutor())
                .build();
        batcher.pause();
        futures.addAll(ByHand.submit(batcher, 1, 2));
        batcher.resume();

        streaming.hand.executor.runAll();

        assertThat(thrown).hasSize(2);
        assertThat(thrown.get(0)).isInstanceOf(TimeoutException.class);
        assertThat(thrown.get(1)).isInstanceOf(IllegalStateException.class);
    }
}
