package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Items that wait to be tried again: how long, in which place, and what ends them meanwhile. */
@Timeout(30)
class DelayedRetriesTests {

    private static final Duration DELAY = Duration.ofMillis(20);
    private static final int MANY = 200_000;

    private final ByHand hand = new ByHand();

    private static List<CompletableFuture<Integer>> submit(AsyncBatcher<Integer, Integer> batcher, Integer... items) {
        return List.of(items).stream().map(batcher::process).toList();
    }

    @Test
    void aDelayIsKept() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(DELAY).maxQueueTime(Duration.ZERO).build();
        batcher.process(-1);
        hand.executor.runAll();

        hand.time.advance(DELAY.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(Duration.ofNanos(1));

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void theDelayBeginsWhenTheBatchEnds() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    if (hand.tries.isEmpty()) {
                        hand.time.advanceMillis(7);
                    }
                    return hand.outcome(item, DELAY);
                })
                .maxQueueTime(Duration.ZERO)
                .build();
        batcher.process(-1);
        hand.executor.runAll();

        hand.time.advance(DELAY.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(Duration.ofNanos(1));

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    /** As on a busy machine, where time passes between the reading of one outcome and that of the next. */
    @Test
    void theItemsOfACallComeBackTogetherHoweverLongItsOutcomesTakeToRead() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY)
                .maxQueueTime(Duration.ZERO)
                .time(new ForwardingTime(hand.time) {
                    private long passed;

                    @Override
                    public long nanoTime() {
                        return super.nanoTime() + ++passed;
                    }
                })
                .build();
        batcher.pause();
        submit(batcher, -1, -2, -3, -4);
        batcher.resume();

        hand.pass(DELAY.multipliedBy(3));

        assertThat(hand.batches).startsWith(List.of(-1, -2, -3, -4), List.of(-1, -2, -3, -4), List.of(-2, -3, -4));
    }

    @Test
    void aDelayOfZeroOrLessIsAMillisecond() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ofDays(-1)).maxQueueTime(Duration.ZERO).build();

        CompletableFuture<Integer> future = batcher.process(-2);
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(1);
        hand.pass(Duration.ofMillis(2));

        assertThat(future).isCompletedWithValue(-4);
    }

    @Test
    void theLongestDelayIsNoProblem() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ofSeconds(Long.MAX_VALUE))
                .maxQueueTime(Duration.ZERO)
                .build();

        CompletableFuture<Integer> future = batcher.process(-2);
        CompletableFuture<Integer> bounded = batcher.process(-3, Duration.ofDays(2));
        hand.executor.runAll();
        hand.time.advance(Duration.ofDays(1));
        assertThat(hand.executor.waiting()).isZero();
        assertThat(bounded).isNotDone();
        hand.time.advance(Duration.ofDays(1));

        assertThat(ByHand.failure(bounded)).isInstanceOf(ItemExpiredException.class);
        assertThat(future).isNotDone();
        assertThat(batcher.stop(true)).isCompleted();
    }

    @Test
    void aDelayedOneHoldsNobodyUpAndComesFirstWhenItsTimeHasCome() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        submit(batcher, -1, 2, 3, 4, 5);
        hand.executor.runAll();

        List<CompletableFuture<Integer>> later = submit(batcher, 6, 7, 8, 9, 10);
        hand.executor.runAll();
        assertThat(later).allMatch(CompletableFuture::isDone);
        hand.time.advance(DELAY.minusMillis(5));
        submit(batcher, 11);
        hand.time.advanceMillis(5);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(-1, 2, 3, 4, 5), List.of(6, 7, 8, 9, 10), List.of(-1, 11));
    }

    @Test
    void delayedOnesDoNotMakeABatchFull() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        submit(batcher, -1, -2, -3, -4, 5);
        hand.executor.runAll();

        submit(batcher, 6);
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(-1, -2, -3, -4, 5), List.of(6));
    }

    @Test
    void differentDelaysAreKeptApart() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> hand.tries.merge(item, 1, Integer::sum) == 1
                        ? Outcome.retry(hand.busy, Duration.ofMillis(item))
                        : Outcome.success(item))
                .build();
        submit(batcher, 40, 30, 50);

        hand.pass(Duration.ofMillis(70));

        assertThat(hand.batches).containsExactly(List.of(40, 30, 50), List.of(30), List.of(40), List.of(50));
    }

    @Test
    void aFlushDoesNotShortenADelay() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        batcher.process(-1);
        hand.pass(ByHand.LINGER);

        batcher.process(2);
        batcher.flush();
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(-1), List.of(2));
    }

    @Test
    void aDelayedOneThatIsCancelledIsNeverDispatched() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        CompletableFuture<Integer> future = batcher.process(-1);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        assertThat(future.cancel(false)).isTrue();

        assertThat(batcher.snapshot().queued()).isZero();
        hand.pass(Duration.ofMillis(50));
        assertThat(hand.batches).hasSize(1);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aGracefulStopWaitsForADelay() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        CompletableFuture<Integer> future = batcher.process(-1);
        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();

        hand.time.advance(DELAY.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        assertThat(stopped).isNotDone();
        hand.time.advance(Duration.ofNanos(1));
        hand.executor.runAll();

        assertThat(future).isCompletedWithValue(-2);
        assertThat(stopped).isCompleted();
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aForcedStopFailsADelayedOneThatMayHaveRun() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        CompletableFuture<Integer> future = batcher.process(-1);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        CompletableFuture<Integer> fresh = batcher.process(2);

        CompletableFuture<Void> stopped = batcher.stop(true);

        assertThat(stopped).isCompleted();
        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        BatcherStoppedException.class,
                        failure -> assertThat(failure.mayHaveRun()).isTrue());
        assertThat(ByHand.failure(fresh))
                .isInstanceOfSatisfying(
                        BatcherStoppedException.class,
                        failure -> assertThat(failure.mayHaveRun()).isFalse());
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aGraceEndsDelays() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ofDays(1)).maxQueueTime(Duration.ZERO).build();
        CompletableFuture<Integer> future = batcher.process(-1);
        hand.executor.runAll();

        CompletableFuture<Void> stopped = batcher.stop(Duration.ofSeconds(1));
        hand.time.advance(Duration.ofSeconds(1));

        assertThat(stopped).isCompleted();
        assertThat(ByHand.failure(future)).isInstanceOf(BatcherStoppedException.class);
    }

    @Tag("volume")
    @Test
    void manyInAnyOrderAreQueuedAgainInTime() {
        List<Long> delays = new ArrayList<>(
                IntStream.range(0, MANY).mapToObj(i -> 1L + i / 100).toList());
        Collections.shuffle(delays, new Random(1));
        Set<Integer> tried = new HashSet<>();
        List<Integer> order = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    if (tried.add(item)) {
                        return Outcome.retry(hand.busy, Duration.ofMillis(delays.get(item)));
                    }
                    order.add(item);
                    return Outcome.success(item);
                })
                .maxBatchSize(1_000)
                .maxQueueSize(-1)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        hand.executor.runAll();
        assertThat(tried).hasSize(MANY);
        assertThat(batcher.snapshot().queued()).isEqualTo(MANY);
        batcher.pause();
        hand.time.advance(Duration.ofHours(1));

        batcher.resume();
        hand.pass(ByHand.LINGER);

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(order).isSorted().hasSize(MANY);
    }

    @Tag("volume")
    @Test
    void manyThatAreDelayedFailAtAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(hand.busy, Duration.ofHours(1 + item % 7)))
                .maxBatchSize(1_000)
                .maxQueueSize(-1)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 0, MANY - 1);
        hand.executor.runAll();
        futures.subList(0, MANY / 2).forEach(future -> future.cancel(false));
        assertThat(batcher.snapshot().queued()).isEqualTo(MANY / 2);

        assertThat(batcher.stop(true)).isCompleted();

        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    /** A batch that was full at once, two of whose items are back in the queue after two milliseconds, and linger. */
    private AsyncBatcher<Integer, Integer> withTwoThatAreBack(int maxQueueSize) {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ofMillis(2)).maxQueueSize(maxQueueSize).build();
        submit(batcher, -1, -2, 1, 2);
        if (maxQueueSize > 4) {
            submit(batcher, 3);
        }
        hand.executor.runAll();
        hand.time.advanceMillis(2);
        assertThat(hand.executor.waiting()).isZero();
        return batcher;
    }

    @Test
    void thoseThatAreBackCountForAFullBatch() {
        AsyncBatcher<Integer, Integer> batcher = withTwoThatAreBack(100);

        submit(batcher, 11, 12);
        assertThat(hand.executor.waiting()).isZero();
        submit(batcher, 13);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void thoseThatAreBackCountForAFullQueue() {
        AsyncBatcher<Integer, Integer> batcher = withTwoThatAreBack(4);

        submit(batcher, 11);
        assertThat(hand.executor.waiting()).isZero();
        submit(batcher, 12);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }
}
