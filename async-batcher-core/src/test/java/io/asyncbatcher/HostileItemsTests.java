package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What whoever makes the items can do with them. docs/security.md names these tests. */
@Timeout(30)
class HostileItemsTests {

    private final ByHand hand = new ByHand();

    // ---- texts ----

    /** Counts who asks for its text. */
    private static final class Mute {

        private final AtomicInteger asked;

        Mute(AtomicInteger asked) {
            this.asked = asked;
        }

        @Override
        public String toString() {
            asked.incrementAndGet();
            throw new IllegalStateException("thrown by a test");
        }
    }

    @Test
    void nobodyAsksAnItemAKeyOrAResultForItsText() {
        AtomicInteger asked = new AtomicInteger();
        List<BatchProcessor<Mute, Object>> processors = List.of(
                List::copyOf,
                batch -> List.of(),
                batch -> {
                    throw new IllegalStateException("thrown by a test");
                },
                BatchProcessor.keyed(batch -> {
                    Map<Mute, Object> others = new HashMap<>();
                    batch.forEach(item -> others.put(new Mute(asked), new Mute(asked)));
                    return others;
                }),
                BatchProcessor.matching(batch -> List.<Object>of(new Mute(asked)), result -> (Mute) result),
                BatchProcessor.withOutcomes(batch -> batch.stream()
                        .map(item -> Outcome.retry(new IllegalStateException("thrown by a test")))
                        .toList()));

        for (BatchProcessor<Mute, Object> processor : processors) {
            AsyncBatcher<Mute, Object> batcher = AsyncBatcher.builder(processor)
                    .maxBatchSize(2)
                    .maxQueueSize(4)
                    .maxBatchWeight(2, item -> 1)
                    .partitionBy(item -> new Mute(asked))
                    .deduplicate()
                    .isolateFailures(failure -> true)
                    .time(hand.time)
                    .executor(hand.executor)
                    .build();
            List<CompletableFuture<Object>> futures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                futures.add(batcher.process(new Mute(asked), Duration.ofMillis(5)));
                futures.add(batcher.process(new Mute(asked)));
                hand.pass(ByHand.LINGER);
            }
            batcher.pause();
            for (int i = 0; i < 6; i++) {
                futures.add(batcher.process(new Mute(asked)));
            }
            batcher.stop(true);
            hand.executor.runAll();

            assertThat(futures).allMatch(CompletableFuture::isDone);
        }

        assertThat(asked).hasValue(0);
    }

    // ---- hash codes ----

    /** Of few hash codes, without an order. Counts comparisons. */
    private record Alike(int number, AtomicInteger comparisons) {
        @Override
        public int hashCode() {
            return number < 0 ? 2 : 1;
        }

        @Override
        public boolean equals(Object other) {
            comparisons.incrementAndGet();
            return other instanceof Alike alike && alike.number == number;
        }
    }

    @Test
    void keysOfOneHashCodeAreComparedByThoseWhoSubmitThemOnly() {
        AtomicInteger comparisons = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .concurrency(-1)
                .partitionBy(item -> new Alike(item, comparisons))
                .build();
        List<CompletableFuture<Integer>> alike = ByHand.submit(batcher, 0, 999);
        assertThat(comparisons.getAndSet(0)).isBetween(1, 1_000 * 1_000 / 2);

        CompletableFuture<Integer> other = batcher.process(-1);
        hand.pass(ByHand.LINGER);

        assertThat(other).isCompletedWithValue(-2);
        assertThat(alike).allMatch(CompletableFuture::isDone);
        assertThat(comparisons)
                .as("neither another key's item nor any batch compares them")
                .hasValue(0);
    }

    @Test
    void itemsOfOneHashCodeAreComparedWithinTheirBatchOnly() {
        AtomicInteger comparisons = new AtomicInteger();
        AsyncBatcher<Alike, Integer> batcher = AsyncBatcher.<Alike, Integer>builder(
                        batch -> batch.stream().map(Alike::number).toList())
                .deduplicate()
                .executor(Runnable::run)
                .build();
        batcher.pause();
        List<CompletableFuture<Integer>> futures = IntStream.range(0, 1_000)
                .mapToObj(number -> batcher.process(new Alike(number, comparisons)))
                .toList();

        batcher.resume();

        assertThat(futures).extracting(CompletableFuture::join).contains(0, 999);
        assertThat(comparisons.get())
                .as("ten batches of the default size, each item with each other")
                .isBetween(1, 10 * 100 * 100);
    }

    /** An item that can't be looked up. */
    private static final class Unhashed {

        private final boolean equalsThrows;

        Unhashed(boolean equalsThrows) {
            this.equalsThrows = equalsThrows;
        }

        @Override
        public int hashCode() {
            if (equalsThrows) {
                return "good".hashCode();
            }
            throw new IllegalStateException("thrown by a test");
        }

        @Override
        @SuppressWarnings("EqualsUnsafeCast") // never gets there
        public boolean equals(@Nullable Object other) {
            throw new IllegalStateException("thrown by a test");
        }
    }

    private static Map<Object, Object> map(List<Object> batch) {
        Map<Object, Object> map = new HashMap<>();
        batch.stream().filter(String.class::isInstance).forEach(item -> map.put(item, item));
        return map;
    }

    private static Map<Object, Outcome<Object>> outcomes(List<Object> batch) {
        Map<Object, Outcome<Object>> outcomes = new HashMap<>();
        map(batch).forEach((item, result) -> outcomes.put(item, Outcome.success(result)));
        return outcomes;
    }

    static Stream<AsyncBatcher.Builder<Object, Object>> processorsThatLookItemsUp() {
        return Stream.of(
                AsyncBatcher.builder(BatchProcessor.keyed(HostileItemsTests::map)),
                AsyncBatcher.builder(BatchProcessor.keyedOutcomes(HostileItemsTests::outcomes)),
                AsyncBatcher.builder(BatchProcessor.matching(batch -> batch, result -> result)),
                AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.keyed(batch -> CompletableFuture.completedFuture(map(batch)))),
                AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.keyedOutcomes(batch -> CompletableFuture.completedFuture(outcomes(batch)))),
                AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.matching(CompletableFuture::completedFuture, result -> result)));
    }

    @ParameterizedTest
    @MethodSource("processorsThatLookItemsUp")
    void anItemThatCanNotBeLookedUpFailsAlone(AsyncBatcher.Builder<Object, Object> builder) {
        AsyncBatcher<Object, Object> batcher =
                builder.maxBatchSize(5).executor(Runnable::run).build();

        List<CompletableFuture<Object>> futures = Stream.of(
                        "good", new Unhashed(false), "better", new Unhashed(true), "good")
                .map(batcher::process)
                .toList();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(Stream.of(0, 2, 4).map(futures::get))
                .extracting(CompletableFuture::join)
                .containsExactly("good", "better", "good");
        assertThat(Stream.of(1, 3).map(futures::get))
                .extracting(ByHand::failure)
                .allSatisfy(failure -> assertThat(failure).hasMessage("thrown by a test"));
        batcher.close();
    }

    @Test
    void withoutABatcherWhatCanNotBeLookedUpThrowsWhenItIsRead() throws Exception {
        List<Object> results =
                BatchProcessor.keyed(HostileItemsTests::map).processBatch(List.of("good", new Unhashed(false)));

        assertThat(results.get(0)).isEqualTo("good");
        assertThatThrownBy(() -> results.get(1)).hasRootCauseMessage("thrown by a test");
    }

    /** Its hash code is never known. */
    private static final class Endless {

        private final CountDownLatch entered;
        private final CountDownLatch never;

        Endless(CountDownLatch entered, CountDownLatch never) {
            this.entered = entered;
            this.never = never;
        }

        @Override
        public int hashCode() {
            entered.countDown();
            ByHand.await(never);
            return 0;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    @Test
    void anItemWhoseHashNeverReturnsHoldsNobodyPastTheBatchTimeout() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        VirtualTime time = new VirtualTime();
        AsyncBatcher<Object, Object> batcher = AsyncBatcher.<Object, Object>builder(List::copyOf)
                .maxBatchSize(2)
                .deduplicate()
                .batchTimeout(Duration.ofSeconds(1))
                .time(time)
                .build();
        List<CompletableFuture<Object>> futures = Stream.of("good", new Endless(entered, never))
                .map(batcher::process)
                .toList();

        try {
            assertThat(entered.await(10, SECONDS)).isTrue();
            assertThat(futures).noneMatch(CompletableFuture::isDone);
            time.advance(Duration.ofSeconds(1));

            assertThat(futures)
                    .allSatisfy(future -> assertThat(ByHand.failure(future)).isInstanceOf(BatchAbortedException.class));
            assertThat(batcher.snapshot().abandonedBatches())
                    .as("its slot stays taken")
                    .isEqualTo(1);
        } finally {
            never.countDown();
        }
        ByHand.await(() -> batcher.snapshot().abandonedBatches() == 0);
        batcher.close();
    }

    // ---- other tenants' batches ----

    @Test
    void turnsAreByKeySoThatManyKeysHaveManyTurns() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(1)
                .partitionBy(item -> item < 50 ? item : "victim")
                .build();
        batcher.pause();
        ByHand.submit(batcher, 0, 49);
        List<CompletableFuture<Integer>> victims = ByHand.submit(batcher, 50, 51);
        batcher.resume();

        hand.executor.runAll();

        assertThat(victims).allMatch(CompletableFuture::isDone);
        assertThat(hand.batches.indexOf(List.of(51)))
                .as("behind a batch of every other key")
                .isEqualTo(51);
    }

    @Test
    void aSlowPartitionMayHoldEverySlot() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(1)
                .concurrency(2)
                .partitionBy(item -> item / 100)
                .batchTimeout(Duration.ofSeconds(1))
                .build();
        List<CompletableFuture<Integer>> slow = ByHand.submit(batcher, 1, 4);

        CompletableFuture<Integer> victim = batcher.process(101);
        hand.time.advanceMillis(999);
        assertThat(hand.executor.waiting()).isEqualTo(2);
        assertThat(victim).isNotDone();
        hand.time.advanceMillis(1);
        hand.executor.runAll();

        assertThat(slow.subList(0, 2)).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(victim).as("with a batchTimeout no longer than that").isCompletedWithValue(202);
    }
}
