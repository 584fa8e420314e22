package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many batches run at once in {@link DispatchMode#ADAPTIVE}, where {@code concurrency} allows more. */
@Timeout(30)
class LearnedSlotsTests {

    private static final int CALLERS = 64;

    private final ByHand hand = new ByHand();

    /** How many times as long a call takes, by the number of calls that run with it; negative = it is refused. */
    private IntToDoubleFunction slowness = running -> 1;

    private int running;
    private int most;
    private int next;
    private int settled;
    private boolean stopped;

    private AsyncBatcher.Builder<Integer, Integer> builder() {
        return AsyncBatcher.<Integer, Integer>asyncBuilder(this::process)
                .maxBatchSize(50)
                .dispatch(DispatchMode.ADAPTIVE)
                .time(hand.time)
                .executor(Runnable::run);
    }

    private CompletableFuture<List<Integer>> process(List<Integer> batch) {
        double took = (1 + 0.2 * batch.size()) * slowness.applyAsDouble(running + 1);
        if (took < 0) {
            throw new RateLimitedException(Duration.ofMillis(5));
        }
        running++;
        most = Math.max(most, running);
        CompletableFuture<List<Integer>> stage = new CompletableFuture<>();
        hand.time.schedule(
                () -> {
                    running--;
                    stage.complete(batch);
                },
                (long) (1e6 * took));
        return stage;
    }

    /** Callers who come back at once. */
    private void call(AsyncBatcher<Integer, Integer> batcher) {
        for (int i = 0; i < CALLERS; i++) {
            again(batcher);
        }
    }

    private void again(AsyncBatcher<Integer, Integer> batcher) {
        batcher.process(next++).whenComplete((result, failure) -> {
            settled++;
            if (!stopped) {
                hand.time.schedule(() -> again(batcher), 10_000);
            }
        });
    }

    /** The largest number of calls at once in the next second. */
    private int mostOfASecond() {
        most = 0;
        hand.time.advance(Duration.ofSeconds(1));
        return most;
    }

    private static double contended(int running) {
        return running * running;
    }

    @Tag("volume")
    @Test
    void itUsesAllSlotsWhereCallsDoNotMindEachOther() {
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(16).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));

        assertThat(mostOfASecond()).isEqualTo(16);
    }

    @Tag("volume")
    @Test
    void withoutALimitItUsesAsManyAsPay() {
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(-1).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));

        assertThat(mostOfASecond()).isBetween(16, CALLERS);
    }

    @Test
    void itUsesFewSlotsWhereCallsHinderEachOther() {
        slowness = LearnedSlotsTests::contended;
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(16).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));

        assertThat(mostOfASecond()).isLessThanOrEqualTo(2); // 2 is tried now and then
    }

    @Tag("volume")
    @Test
    void itFollowsAChangeOfTheProcessor() {
        slowness = LearnedSlotsTests::contended;
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(16).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));
        slowness = running -> 1;
        hand.time.advance(Duration.ofSeconds(5));

        assertThat(mostOfASecond()).isEqualTo(16);
    }

    @Test
    void itUsesNoMoreThanTheProcessorBears() {
        slowness = running -> running > 3 ? -1 : 1;
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(16).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(2));
        int before = settled;
        hand.time.advance(Duration.ofSeconds(4));

        assertThat(mostOfASecond()).isEqualTo(3);
        assertThat(settled - before).as("of 47 000 that three slots can do").isGreaterThan(42_000);
    }

    @Tag("volume")
    @Test
    void aLowerLimitHoldsAtOnceAndAHigherOneIsUsedSoon() {
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(16).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));
        batcher.reconfigure(options -> options.withConcurrency(3));
        hand.time.advanceMillis(10);
        assertThat(mostOfASecond()).isEqualTo(3);

        batcher.reconfigure(options -> options.withConcurrency(12));
        hand.time.advance(Duration.ofSeconds(3));
        assertThat(mostOfASecond()).isEqualTo(12);
    }

    @Test
    void theOtherModesUseAllSlots() {
        slowness = LearnedSlotsTests::contended;
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(8).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));
        batcher.reconfigure(options -> options.withDispatch(DispatchMode.NATURAL));

        assertThat(mostOfASecond()).isEqualTo(8);
    }

    @Test
    void partitionsShareTheLearnedNumber() {
        slowness = LearnedSlotsTests::contended;
        AsyncBatcher<Integer, Integer> batcher =
                builder().concurrency(16).partitionBy(item -> item % 5).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(5));

        assertThat(mostOfASecond()).isLessThanOrEqualTo(3); // tried now and then
        assertThat(settled).isGreaterThan(0);
    }

    @Test
    void aRateLimitHoldsBesides() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().concurrency(16).rateLimit(10, Duration.ofMillis(100)).build();
        List<Integer> bySecond = new ArrayList<>();
        int[] calls = {0};
        slowness = running -> {
            calls[0]++;
            return 1;
        };
        call(batcher);
        for (int second = 0; second < 5; second++) {
            int before = calls[0];
            hand.time.advance(Duration.ofSeconds(1));
            bySecond.add(calls[0] - before);
        }

        assertThat(bySecond).allSatisfy(number -> assertThat(number).isBetween(80, 110));
    }

    @Test
    void aStopSettlesEverything() {
        slowness = LearnedSlotsTests::contended;
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(16).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(2));
        stopped = true;
        CompletableFuture<Void> end = batcher.stop(false);
        hand.time.advance(Duration.ofSeconds(2));

        assertThat(end).isDone();
        assertThat(settled).isEqualTo(next);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aCallThatHangsKeepsNoOthersFromTheirSlots() {
        slowness = LearnedSlotsTests::contended;
        AsyncBatcher<Integer, Integer> batcher = builder().concurrency(8).build();
        call(batcher);
        hand.time.advance(Duration.ofSeconds(3));
        double hour = Duration.ofHours(1).toMillis();
        int before = settled;
        int[] hanging = {1};
        slowness = running -> hanging[0]-- > 0 ? hour : 1;
        hand.time.advance(Duration.ofSeconds(3));

        assertThat(settled - before).isGreaterThan(1_000);
    }
}
