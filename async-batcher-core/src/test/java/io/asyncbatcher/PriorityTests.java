package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code prioritizeBy} and {@code priorityAgeing}: which of the queued items go first. */
class PriorityTests {

    private static final Duration AGEING = Duration.ofSeconds(1);

    private final ByHand hand = new ByHand();

    /** Batches of two; the last digit of an item is its level. */
    private AsyncBatcher.Builder<Integer, Integer> builder() {
        return hand.builder().maxBatchSize(2).maxQueueTime(Duration.ZERO).prioritizeBy(item -> Math.abs(item) % 10);
    }

    /** Queues items while none is dispatched. */
    private static List<CompletableFuture<Integer>> queue(AsyncBatcher<Integer, Integer> batcher, int... items) {
        batcher.pause();
        return IntStream.of(items).mapToObj(batcher::process).toList();
    }

    private void dispatchAll(AsyncBatcher<Integer, Integer> batcher) {
        batcher.resume();
        hand.executor.runAll();
    }

    // ---- levels ----

    @Test
    void aHigherLevelGoesFirstAndWithinALevelTheFirstIn() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        queue(batcher, 10, 25, 30, 49, 55, 60);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(49, 25), List.of(55, 10), List.of(30, 60));
    }

    @Test
    void withoutTheOptionTheFirstInIsTheFirstOut() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(2).maxQueueTime(Duration.ZERO).build();
        queue(batcher, 10, 25, 30, 49);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(10, 25), List.of(30, 49));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anotherLevelFailsThatItemAlone(int level) {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().prioritizeBy(item -> item == 2 ? level : 0).build();

        CompletableFuture<Integer> good = batcher.process(1);
        CompletableFuture<Integer> wrong = batcher.process(2);
        hand.pass(ByHand.LINGER);

        assertThat(good).isCompletedWithValue(2);
        assertThat(ByHand.failure(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prioritizeBy")
                .hasMessageContaining("batcher")
                .hasMessageContaining(String.valueOf(level))
                .hasMessageContaining("0 to 9");
    }

    @Test
    void aFunctionThatThrowsFailsThatItemAloneAndKeepsNothing() {
        IllegalStateException failure = new IllegalStateException("thrown by a test");
        List<Integer> asked = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .partitionBy(item -> {
                    asked.add(item);
                    return item % 2;
                })
                .prioritizeBy(item -> {
                    if (item == 2) {
                        throw failure;
                    }
                    return 0;
                })
                .build();

        CompletableFuture<Integer> wrong = batcher.process(2);
        CompletableFuture<Integer> good = batcher.process(1);
        hand.pass(ByHand.LINGER);

        assertThat(ByHand.failure(wrong)).isSameAs(failure);
        assertThat(good).isCompletedWithValue(2);
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(asked).containsExactly(1); // the priority is asked first, so no partition has to be left again
    }

    @Test
    void theFunctionIsAskedOnceAnItemWithoutALock() {
        List<Integer> asked = new ArrayList<>();
        AsyncBatcher<Integer, Integer>[] self = newArray();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> hand.outcome(item, Duration.ZERO))
                .prioritizeBy(item -> {
                    asked.add(item);
                    assertThat(ByHand.elsewhere(() -> self[0].snapshot())).succeedsWithin(Duration.ofSeconds(10));
                    return 3;
                })
                .build();
        self[0] = batcher;

        batcher.process(-2);
        hand.pass(Duration.ofMillis(50));

        assertThat(asked).containsExactly(-2);
        assertThat(hand.batches).hasSize(3);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static AsyncBatcher<Integer, Integer>[] newArray() {
        return (AsyncBatcher<Integer, Integer>[]) new AsyncBatcher[1];
    }

    // ---- ageing ----

    @Test
    void anItemThatHasWaitedCountsOneLevelHigher() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        queue(batcher, 10);
        hand.time.advance(AGEING.minusNanos(1));
        queue(batcher, 21);
        hand.time.advance(Duration.ofNanos(1)); // level 1 by now, and submitted before the other one
        queue(batcher, 32);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(32, 10), List.of(21));
    }

    @Test
    void beforeThatItCountsAsItWas() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        queue(batcher, 10);
        hand.time.advance(AGEING.minusNanos(1));
        queue(batcher, 21, 32);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(32, 21), List.of(10));
    }

    @Test
    void againForEachFurtherTimeUpToTheHighest() {
        AsyncBatcher<Integer, Integer> batcher = builder().maxBatchSize(1).build();
        queue(batcher, 10, 27);
        hand.time.advance(AGEING.multipliedBy(9));
        queue(batcher, 39);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(10), List.of(27), List.of(39)); // all at 9: by submission
    }

    @Test
    void noneStarves() {
        AsyncBatcher<Integer, Integer> batcher = builder().maxBatchSize(1).build();
        batcher.process(19);
        CompletableFuture<Integer> low = batcher.process(10);

        for (int i = 0; i < 10; i++) { // another of the highest level comes whenever one goes
            batcher.process(29 + 10 * i);
            hand.time.advance(AGEING);
            assertThat(low).isNotDone();
            hand.executor.runNext();
        }
        hand.executor.runNext();

        assertThat(low).isDone();
    }

    @Test
    void theAgeingIsChangedLive() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        queue(batcher, 10);
        hand.time.advance(Duration.ofMillis(100));
        queue(batcher, 23);
        batcher.reconfigure(options -> options.withPriorityAgeing(Duration.ofMillis(33)));

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(10, 23));
    }

    @Test
    void withoutEndItIsStrict() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().priorityAgeing(Duration.ofSeconds(Long.MAX_VALUE)).build();
        queue(batcher, 10);
        hand.time.advance(Duration.ofDays(1000));
        queue(batcher, 21);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(21, 10));
    }

    // ---- together with others ----

    @Test
    void partitionsTakeTurnsAndEachHasItsOwnOrder() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().partitionBy(item -> item / 100).build();
        queue(batcher, 110, 120, 139, 210, 221, 235);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(139, 110), List.of(235, 221), List.of(120), List.of(210));
    }

    @Test
    void aBatchIsFullByWeightInTheOrderOfPriority() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().maxBatchSize(-1).maxBatchWeight(10, item -> item / 10).build();
        queue(batcher, 40, 59, 65, 31);

        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(59), List.of(65, 31), List.of(40));
    }

    @Test
    void aLowItemKeepsNobodyAndLingersNoLonger() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().maxQueueTime(ByHand.LINGER).build();
        batcher.process(10);
        hand.time.advanceMillis(9);
        batcher.process(29);
        batcher.process(39);

        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(29, 10)); // full at once
        hand.time.advanceMillis(10);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(29, 10), List.of(39));
    }

    @Test
    void whatIsOverdueIsDispatchedThoughHigherOnesCome() {
        AsyncBatcher<Integer, Integer> batcher = builder()
                .maxBatchSize(-1)
                .maxBatchWeight(30, item -> item / 10)
                .maxQueueTime(ByHand.LINGER)
                .build();
        batcher.process(10);
        hand.time.advanceMillis(5);
        batcher.process(29);
        hand.time.advanceMillis(5);

        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(29, 10));
    }

    @Test
    void aRetriedItemKeepsItsPlaceWithinItsLevel() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO)
                .maxBatchSize(1)
                .maxQueueTime(Duration.ZERO)
                .prioritizeBy(item -> item == 9 ? 5 : 3)
                .build();
        queue(batcher, 1, -1, 2);
        batcher.resume();
        hand.executor.runNext();
        hand.executor.runNext(); // to be tried again in a millisecond; the next one is handed over already
        batcher.process(9);
        batcher.process(4);
        hand.time.advanceMillis(1);
        hand.executor.runAll();

        assertThat(hand.batches)
                .containsExactly(List.of(1), List.of(-1), List.of(2), List.of(9), List.of(-1), List.of(4));
    }

    @Test
    void cancelledAndExpiredItemsLeaveTheirLevel() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        List<CompletableFuture<Integer>> all = queue(batcher, 19, 29, 35, 40);
        batcher.process(59, Duration.ofMillis(3));

        all.get(0).cancel(false);
        hand.time.advanceMillis(3);
        assertThat(batcher.snapshot().queued()).isEqualTo(3);
        dispatchAll(batcher);

        assertThat(hand.batches).containsExactly(List.of(29, 35), List.of(40));
    }

    @Test
    void aStopEndsAllLevels() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        List<CompletableFuture<Integer>> some = queue(batcher, 10, 29, 35);
        assertThat(batcher.stop(true)).isCompleted();
        assertThat(some).allMatch(CompletableFuture::isCompletedExceptionally);

        batcher.start();
        List<CompletableFuture<Integer>> others = queue(batcher, 10, 29, 35);
        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();

        assertThat(stopped).isCompleted();
        assertThat(others).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(hand.batches).containsExactly(List.of(29, 35), List.of(10));
    }

    // ---- with shedLoad ----

    @Test
    void onlyWhatGoesBeforeItIsAheadOfAnItem() {
        AsyncBatcher<Integer, Integer> batcher = slow(100);
        queue(batcher, 10, 20);
        batcher.resume(); // ten milliseconds from here on
        for (int item : new int[] {15, 25, 35, 45, 50, 60}) {
            batcher.process(item); // two batches of level 5, and one of level 0
        }

        assertShed(batcher.process(75, Duration.ofMillis(25)), "PT0.03S");
        assertThat(batcher.process(87, Duration.ofMillis(18))).isNotDone();
        assertThat(batcher.process(99, Duration.ofMillis(18))).isNotDone();
        assertShed(batcher.process(90, Duration.ofMillis(45)), "PT0.05S");
    }

    @Test
    void whatIsAheadDoesNotDependOnTheClock() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        hand.time.skip(longest);
        hand.time.skip(longest); // the clock is about zero now
        hand.time.skip(Duration.ofDays(1));

        onlyWhatGoesBeforeItIsAheadOfAnItem();
    }

    @Test
    void whatHasAgedIsAheadOfHigherLevels() {
        AsyncBatcher<Integer, Integer> batcher = slow(100);
        batcher.reconfigure(options -> options.withPriorityAgeing(Duration.ofMillis(1)));
        queue(batcher, 15, 25, 35, 45);
        batcher.resume();
        hand.time.advanceMillis(9);

        assertShed(batcher.process(59, Duration.ofMillis(20)), "PT0.011S"); // behind two that count as 9 by now
    }

    @Test
    void aLowItemThatIsOvertakenMakesRoomInTheFullQueue() {
        AsyncBatcher<Integer, Integer> batcher = slow(3);
        queue(batcher, 10, 30);
        batcher.resume();
        CompletableFuture<Integer> low = batcher.process(20, Duration.ofMillis(25));
        batcher.process(39);
        batcher.process(49);

        CompletableFuture<Integer> higher = batcher.process(59);

        assertShed(low, "PT0.02S");
        assertThat(higher).isNotDone();
        hand.executor.runAll();
        assertThat(hand.batches).endsWith(List.of(10, 30), List.of(39, 49), List.of(59));
    }

    private static void assertShed(CompletableFuture<?> future, String wait) {
        assertThat(ByHand.failure(future))
                .isInstanceOf(ItemExpiredException.class)
                .hasMessageContaining("the expected wait is " + wait);
    }

    /** Each call of two items takes ten milliseconds, which is known. */
    private AsyncBatcher<Integer, Integer> slow(int maxQueueSize) {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    hand.time.advanceMillis(10);
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(2)
                .maxQueueTime(Duration.ZERO)
                .maxQueueSize(maxQueueSize)
                .prioritizeBy(item -> item % 10)
                .shedLoad(true)
                .build();
        for (int i = 0; i < 3; i++) {
            queue(batcher, 10, 20);
            dispatchAll(batcher);
        }
        return batcher;
    }
}
