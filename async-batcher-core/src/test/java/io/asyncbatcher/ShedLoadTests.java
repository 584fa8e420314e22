package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.BatchLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code shedLoad}: work that can't be done in time makes room for work that can. */
class ShedLoadTests {

    private static final Duration SERVICE = Duration.ofMillis(10);

    private final ByHand hand = new ByHand();
    private final BatchLog log = new BatchLog();
    private final Deque<CompletableFuture<Void>> running = new ArrayDeque<>();
    private final List<List<Integer>> batches = new ArrayList<>();

    /** Batches of two, in one slot, as long as a test wants. */
    private AsyncBatcher.Builder<Integer, Integer> builder() {
        return AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    batches.add(List.copyOf(batch));
                    CompletableFuture<Void> end = new CompletableFuture<>();
                    running.add(end);
                    return end.thenApply(over -> ByHand.doubled(batch));
                })
                .maxBatchSize(2)
                .dispatch(DispatchMode.NATURAL)
                .shedLoad(true)
                .listener(log)
                .executor(Runnable::run)
                .time(hand.time);
    }

    /** The oldest call returns so long from now. */
    private void returns(Duration after) {
        hand.time.advance(after);
        running.remove().complete(null);
    }

    /** What a batch of two takes is known from here on: {@link #SERVICE}. */
    private AsyncBatcher<Integer, Integer> learned(AsyncBatcher.Builder<Integer, Integer> builder) {
        AsyncBatcher<Integer, Integer> batcher = builder.build();
        learn(batcher);
        return batcher;
    }

    private void learn(AsyncBatcher<Integer, Integer> batcher) {
        for (int i = 0; i < 3; i++) {
            submit(batcher, 1, 2);
            returns(SERVICE);
        }
        batches.clear();
    }

    /** Submits items that begin in full batches. */
    private static List<CompletableFuture<Integer>> submit(
            AsyncBatcher<Integer, Integer> batcher, int first, int last) {
        batcher.pause();
        List<CompletableFuture<Integer>> all = ByHand.submit(batcher, first, last);
        batcher.resume();
        return all;
    }

    private static void assertShed(CompletableFuture<?> future, String timeout, String wait) {
        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isFalse())
                .hasMessageContaining("within its timeout of " + timeout)
                .hasMessageContaining("the expected wait is " + wait);
    }

    // ---- at the door ----

    @Test
    void batchesThatTheProcessorHasRejectedRunNoLonger() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        for (int i = 0; i < 100; i++) {
            submit(batcher, 1, 2);
            running.remove().completeExceptionally(new RateLimitedException(Duration.ofMillis(1)));
            hand.time.advanceMillis(1);
            returns(SERVICE);
        }
        submit(batcher, 11, 12);

        assertShed(batcher.process(13, Duration.ofMillis(17)), "PT0.017S", "PT0.01S");
    }

    @Test
    void anItemThatWouldBeTooLateIsRejectedAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        submit(batcher, 11, 16); // one batch runs, two are queued: 30 ms until the next begins

        CompletableFuture<Integer> tooLate = batcher.process(17, Duration.ofMillis(39));
        CompletableFuture<Integer> inTime = batcher.process(18, Duration.ofMillis(41));

        assertShed(tooLate, "PT0.039S", "PT0.03S");
        assertThat(inTime).isNotDone();
        assertThat(batcher.snapshot().queued()).isEqualTo(5);
        assertThat(batcher.snapshot().rejections()).containsEntry(RejectionReason.SHED, 1L);
        assertThat(log.rejected()).containsExactly(RejectionReason.SHED);
    }

    @ParameterizedTest
    @EnumSource(DispatchMode.class)
    void inEveryMode(DispatchMode dispatch) {
        AsyncBatcher<Integer, Integer> batcher =
                learned(builder().dispatch(dispatch).maxQueueTime(Duration.ofMillis(1)));
        submit(batcher, 11, 16);

        assertShed(batcher.process(17, Duration.ofMillis(39)), "PT0.039S", "PT0.03S");
    }

    @Test
    void whatRunsIsExpectedToNeedTheRestOfItsTime() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        submit(batcher, 11, 12);
        hand.time.advanceMillis(8);

        assertThat(batcher.process(13, Duration.ofMillis(13))).isNotDone();
        assertShed(batcher.process(14, Duration.ofMillis(11)), "PT0.011S", "PT0.002S");
    }

    @Test
    void severalSlotsWorkOffWhatIsQueuedSideBySide() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().concurrency(1));
        batcher.reconfigure(options -> options.withConcurrency(2));
        submit(batcher, 11, 18); // two batches run, two are queued

        assertThat(batcher.process(19, Duration.ofMillis(30))).isNotDone();
        assertShed(batcher.process(20, Duration.ofMillis(15)), "PT0.015S", "PT0.018S");
    }

    @Test
    void theItemTimeoutCountsAsAnOwnOne() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        batcher.reconfigure(options -> options.withItemTimeout(Duration.ofMillis(25)));

        submit(batcher, 11, 12);
        List<CompletableFuture<Integer>> queued = ByHand.submit(batcher, 13, 15);

        assertThat(queued.subList(0, 2)).noneMatch(CompletableFuture::isDone);
        assertShed(queued.get(2), "PT0.025S", "PT0.02S");
    }

    @Test
    void anItemWithoutATimeoutIsNeverShed() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());

        List<CompletableFuture<Integer>> all = submit(batcher, 11, 200);

        assertThat(all).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void nothingIsShedWithoutTheOption() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().shedLoad(false));
        submit(batcher, 11, 16);

        assertThat(batcher.process(17, Duration.ofMillis(1))).isNotDone();
    }

    @Test
    void nothingIsShedBeforeTheProcessorIsKnown() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        submit(batcher, 1, 6);
        returns(SERVICE);
        returns(SERVICE);

        assertThat(batcher.process(7, Duration.ofMillis(1))).isNotDone();
    }

    @Test
    void nothingIsShedWhilePaused() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        submit(batcher, 11, 16);
        batcher.pause();

        assertThat(batcher.process(17, Duration.ofMillis(1))).isNotDone();
    }

    @Test
    void anItemThatFindsNothingQueuedAndASlotFreeIsNeverShed() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());

        CompletableFuture<Integer> hurried = batcher.process(11, Duration.ofMillis(1));

        assertThat(hurried).isNotDone();
        assertThat(batches).containsExactly(List.of(11));
    }

    @Test
    void theRateLimitIsPartOfTheExpectedWait() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        batcher.reconfigure(options -> options.withRateLimit(1, Duration.ofSeconds(1)));
        submit(batcher, 11, 14);

        assertShed(batcher.process(15, Duration.ofMillis(1_500)), "PT1.5S", "PT2S");
        assertThat(batcher.process(16, Duration.ofMillis(2_500))).isNotDone();
    }

    @Test
    void whatIsAheadWithAWeightIsCountedByWeight() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().maxBatchWeight(-1, item -> 10));
        batcher.reconfigure(options -> options.withMaxBatchSize(-1).withMaxBatchWeight(20));
        submit(batcher, 11, 16); // two at a time

        assertShed(batcher.process(17, Duration.ofMillis(35)), "PT0.035S", "PT0.03S");
        assertThat(batcher.process(18, Duration.ofMillis(45))).isNotDone();
    }

    @Test
    void aPartitionWaitsForItsOwnBatchesAndAsManyOfEachOther() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().partitionBy(item -> item / 100));
        submit(batcher, 11, 12);
        submit(batcher, 101, 140); // twenty batches of another partition, but they take turns

        assertThat(batcher.process(13, Duration.ofMillis(45))).isNotDone();
        assertShed(batcher.process(141, Duration.ofMillis(45)), "PT0.045S", "PT0.218S");
    }

    // ---- in the queue ----

    @Test
    void anItemWhoseTimeIsOverBeforeItIsSettledAsShedHasNotRun() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        submit(batcher, 11, 12);
        List<CompletableFuture<Integer>> shed =
                List.of(batcher.process(13, Duration.ofMillis(21)), batcher.process(14, Duration.ofMillis(21)));
        batcher.process(15);
        shed.forEach(future -> future.whenComplete((result, failure) -> hand.time.advanceMillis(6)));

        returns(Duration.ofMillis(15)); // 6 ms are left, and a batch takes 10

        assertThat(batches).containsExactly(List.of(11, 12), List.of(15));
        assertThat(shed)
                .allSatisfy(future -> assertThat(ByHand.failure(future))
                        .isInstanceOfSatisfying(
                                ItemExpiredException.class,
                                expired -> assertThat(expired.mayHaveRun()).isFalse()));
    }

    @Test
    void aQueuedItemThatCanNotMakeItAnyMoreMakesRoomWhenABatchIsMade() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        List<ItemOutcome> settled = new ArrayList<>();
        batcher.addListener(new BatcherListener() {
            @Override
            public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                settled.add(outcome);
            }
        });
        submit(batcher, 11, 12);
        CompletableFuture<Integer> late = batcher.process(13, Duration.ofMillis(25));
        CompletableFuture<Integer> patient = batcher.process(14, Duration.ofMillis(60));
        CompletableFuture<Integer> more = batcher.process(15);

        returns(Duration.ofMillis(20)); // twice as long as expected: the first has 5 ms left

        assertShed(late, "PT0.025S", "PT0.02S");
        assertThat(batches).containsExactly(List.of(11, 12), List.of(14, 15));
        assertThat(patient).isNotDone();
        assertThat(more).isNotDone();
        assertThat(settled).containsExactlyInAnyOrder(ItemOutcome.SUCCESS, ItemOutcome.SUCCESS, ItemOutcome.EXPIRED);
        assertThat(log.rejected()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "weight", "partition", "deduplicate"})
    void howeverItIsQueued(String ability) {
        AsyncBatcher.Builder<Integer, Integer> with = switch (ability) {
            case "weight" -> builder().maxBatchWeight(100, item -> 1);
            case "partition" -> builder().partitionBy(item -> 0);
            case "deduplicate" -> builder().deduplicate();
            default -> builder();
        };
        AsyncBatcher<Integer, Integer> batcher = learned(with);
        submit(batcher, 11, 12);
        List<CompletableFuture<Integer>> late = IntStream.range(0, 2)
                .mapToObj(i -> batcher.process(20 + i, Duration.ofMillis(25)))
                .toList();
        batcher.process(31);

        returns(Duration.ofMillis(20));

        assertThat(late).allSatisfy(each -> assertShed(each, "PT0.025S", "PT0.02S"));
        assertThat(batches).endsWith(List.of(31));
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.stop(false)).isNotDone();
        returns(SERVICE);
        assertThat(batcher.isRunning()).isFalse();
    }

    @Test
    void aSmallerBatchIsMadeWhereOneOfAllWouldBeTooLate() {
        AsyncBatcher<Integer, Integer> batcher = builder().maxBatchSize(10).build();
        for (int size : new int[] {1, 10, 1, 10, 5, 10}) { // a millisecond an item
            submit(batcher, 1, size);
            returns(Duration.ofMillis(size));
        }
        submit(batcher, 1, 1);
        List<CompletableFuture<Integer>> hurried = IntStream.range(0, 5)
                .mapToObj(i -> batcher.process(20 + i, Duration.ofMillis(8)))
                .toList();
        assertThat(hurried).noneMatch(CompletableFuture::isDone);
        batches.clear();
        returns(Duration.ofNanos(2_200_000)); // later than expected, so that five at once may be too late

        assertThat(batches).hasSize(1);
        assertThat(batches.get(0)).hasSizeBetween(2, 4).startsWith(20, 21);
        returns(Duration.ofMillis(batches.get(0).size()));
        assertThat(hurried.get(1)).isCompletedWithValue(42);
    }

    @Test
    void theFullQueueGivesUpWhatCanNotMakeIt() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().maxQueueSize(3));
        submit(batcher, 11, 12);
        CompletableFuture<Integer> late = batcher.process(13, Duration.ofMillis(25));
        submit(batcher, 14, 15);
        hand.time.advanceMillis(20); // the batch takes longer than expected

        CompletableFuture<Integer> accepted = batcher.process(16);

        assertShed(late, "PT0.025S", "PT0.03S");
        assertThat(accepted).isNotDone();
        assertThat(batcher.process(17)).isCompletedExceptionally();
        assertThat(batcher.snapshot().rejections()).containsEntry(RejectionReason.FULL, 1L);
    }

    @Test
    void theFullQueueIsSearchedAgainWhenACallMayHaveEnded() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().maxQueueSize(3));
        submit(batcher, 11, 12);
        batcher.process(13, Duration.ofMillis(25));
        submit(batcher, 14, 15);
        hand.time.advanceMillis(20); // the batch takes longer than expected
        CompletableFuture<Integer> accepted = batcher.process(16); // the queue has been searched
        assertThat(accepted).isNotDone();
        accepted.cancel(false);
        batcher.pause(); // nothing is shed
        CompletableFuture<Integer> late = batcher.process(17, Duration.ofMillis(30));
        batcher.resume();

        assertThat(batcher.process(18)).isCompletedExceptionally();
        assertThat(late).isNotDone();
        hand.time.advanceMillis(15);
        assertThat(batcher.process(19)).isNotDone();
        assertThat(ByHand.failure(late)).isInstanceOf(ItemExpiredException.class);
    }

    @Test
    void theFullQueueIsSearchedAgainOnAnyClock() {
        hand.skipToBeforeZero();
        theFullQueueIsSearchedAgainWhenACallMayHaveEnded();
    }

    @Test
    void anItemThatIsToBeTriedAgainMayHaveRun() {
        ByHand other = new ByHand();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(
                        AsyncBatchProcessor.withOutcomes(batch -> {
                            batches.add(List.copyOf(batch));
                            CompletableFuture<Void> end = new CompletableFuture<>();
                            running.add(end);
                            return end.thenApply(over -> batch.stream()
                                    .map(item -> other.outcome(item, Duration.ZERO))
                                    .toList());
                        }))
                .maxBatchSize(1)
                .dispatch(DispatchMode.NATURAL)
                .shedLoad(true)
                .executor(Runnable::run)
                .time(hand.time)
                .build();
        submit(batcher, 1, 3);
        for (int i = 0; i < 3; i++) {
            returns(SERVICE);
        }

        CompletableFuture<Integer> again = batcher.process(-1, Duration.ofMillis(15));
        batcher.process(4);
        batcher.process(5);
        returns(SERVICE); // the next one begins, because a retry is delayed by a millisecond
        returns(Duration.ofMillis(2));

        assertThat(ByHand.failure(again))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isTrue())
                .hasMessageContaining("may have run");
        assertThat(batches).endsWith(List.of(5));
    }

    // ---- estimates that are wrong ----

    @Test
    void anEstimateThatIsMuchTooHighIsFoundOut() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        for (int i = 0; i < 60; i++) {
            submit(batcher, 1, 2);
            returns(Duration.ofMillis(100)); // learned for long: ten times the timeout
        }

        int shed = 0;
        for (int i = 0; i < 30; i++) {
            List<CompletableFuture<Integer>> all = IntStream.range(0, 4)
                    .mapToObj(each -> batcher.process(each, Duration.ofMillis(10)))
                    .toList();
            while (!running.isEmpty()) {
                returns(Duration.ofMillis(1));
            }
            assertThat(all.get(0)).isCompletedWithValue(0);
            shed = (int) all.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .count();
        }

        assertThat(shed).isZero();
    }

    @Test
    void ifAllThatIsQueuedSeemsTooLateTheNewestGoesAllTheSame() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        submit(batcher, 11, 12);
        CompletableFuture<Integer> late = batcher.process(13, Duration.ofMillis(25));
        CompletableFuture<Integer> later = batcher.process(14, Duration.ofMillis(25));

        returns(Duration.ofMillis(20));

        assertShed(late, "PT0.025S", "PT0.02S");
        assertThat(batches).endsWith(List.of(14));
        returns(Duration.ofMillis(1));
        assertThat(later).isCompletedWithValue(28);
    }

    @Test
    void aProcessorThatIsSlowerNowIsFoundOut() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder());
        for (int i = 0; i < 10; i++) {
            submit(batcher, 11, 12);
            returns(Duration.ofMillis(30));
        }
        submit(batcher, 11, 12);

        assertThat(batcher.process(13, Duration.ofMillis(45))).isCompletedExceptionally();
    }

    // ---- live ----

    @Test
    void itIsSwitchedOnAndOffWhileTheBatcherRuns() {
        AsyncBatcher<Integer, Integer> batcher = learned(builder().shedLoad(false));
        submit(batcher, 11, 12); // runs while it is switched on, and so nothing is learned from it
        batcher.reconfigure(options -> options.withShedLoad(true));
        returns(SERVICE);
        learn(batcher);
        submit(batcher, 11, 16);

        assertShed(batcher.process(17, Duration.ofMillis(39)), "PT0.039S", "PT0.03S");
        batcher.reconfigure(options -> options.withShedLoad(false));
        assertThat(batcher.process(18, Duration.ofMillis(1))).isNotDone();
    }

    @Test
    void aBatchThatNeverBeganTeachesNothing() {
        boolean[] late = {false};
        AsyncBatcher<Integer, Integer> batcher = learned(builder().executor(task -> {
            if (!late[0]) {
                task.run();
            }
        }));
        late[0] = true;
        batcher.reconfigure(options -> options.withBatchTimeout(Duration.ofMillis(100)));
        for (int i = 0; i < 10; i++) {
            batcher.process(11);
            hand.time.advanceMillis(100); // given up before the executor has run it
        }
        late[0] = false;
        submit(batcher, 11, 12);

        assertThat(batcher.process(13, Duration.ofMillis(21))).isNotDone();
    }

    @Test
    void aBatchThatTheExecutorRejectsIsNotWaitedFor() {
        boolean[] rejects = {false};
        AsyncBatcher<Integer, Integer> batcher = learned(builder().executor(task -> {
            if (rejects[0]) {
                throw new RejectedExecutionException("thrown by a test");
            }
            task.run();
        }));
        rejects[0] = true;
        submit(batcher, 11, 12);
        rejects[0] = false;
        submit(batcher, 13, 14);

        assertThat(batcher.process(15, Duration.ofMillis(21))).isNotDone();
        assertShed(batcher.process(16, Duration.ofMillis(17)), "PT0.017S", "PT0.01S");
    }
}
