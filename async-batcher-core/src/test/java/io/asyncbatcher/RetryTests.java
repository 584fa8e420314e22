package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Items that are to be tried again: how often, with whom, and what becomes of them. */
@Timeout(30)
class RetryTests {

    private static final Duration DELAY = Duration.ofMillis(20);
    private static final Duration LEAST_DELAY = Duration.ofMillis(1);

    private final ByHand hand = new ByHand();

    private static List<CompletableFuture<Integer>> submit(AsyncBatcher<Integer, Integer> batcher, Integer... items) {
        return List.of(items).stream().map(batcher::process).toList();
    }

    @Test
    void anItemIsTriedAgainUntilItSucceeds() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO).build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, -2, 3, 4, 5);
        hand.pass(ByHand.LINGER.plus(LEAST_DELAY));

        assertThat(hand.batches).containsExactly(List.of(1, -2, 3, 4, 5), List.of(-2), List.of(-2));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, -4, 6, 8, 10);
    }

    @Test
    void itsMatesAreSettledMeanwhile() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();

        List<CompletableFuture<Integer>> futures = submit(batcher, 1, -1, 3, 4, 5);
        hand.executor.runAll();

        assertThat(futures).extracting(CompletableFuture::isDone).containsExactly(true, false, true, true, true);
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(batcher.snapshot().inFlight()).isZero();
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void afterTheLastTryTheLastCauseIsDelivered() {
        List<IOException> causes = List.of(new IOException("1"), new IOException("2"), new IOException("3"));
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(causes.get(hand.tries.merge(item, 1, Integer::sum) - 1)))
                .build();

        CompletableFuture<Integer> future = batcher.process(1);
        hand.pass(Duration.ofMillis(50));

        assertThat(hand.batches).hasSize(3);
        assertThat(ByHand.failure(future)).isSameAs(causes.get(2));
    }

    @Test
    void oneTryInAllIsNoRetry() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ZERO).maxAttempts(1).build();

        CompletableFuture<Integer> future = batcher.process(-1);
        hand.pass(Duration.ofMillis(50));

        assertThat(hand.batches).hasSize(1);
        assertThat(ByHand.failure(future)).isSameAs(hand.busy);
    }

    @Test
    void everyItemHasItsOwnTries() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO).build();

        List<CompletableFuture<Integer>> first = submit(batcher, -9, -1);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runNext();
        List<CompletableFuture<Integer>> second = submit(batcher, -8);
        hand.pass(Duration.ofMillis(50));

        assertThat(ByHand.failure(first.get(0))).isSameAs(hand.busy);
        assertThat(first.get(1)).isCompletedWithValue(-2);
        assertThat(ByHand.failure(second.get(0))).isSameAs(hand.busy);
        assertThat(hand.tries).containsEntry(-9, 3).containsEntry(-8, 3).containsEntry(-1, 2);
    }

    @Test
    void lingerIsNotBegunAgain() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ofMillis(3)).build();
        batcher.process(-2);
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(1);

        hand.time.advanceMillis(3);
        assertThat(hand.executor.waiting()).as("it has lingered").isEqualTo(1);
    }

    @Test
    void theRestOfALingerIsTheLongestWait() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO).build();
        submit(batcher, 1, 2, -1, 4, 5);
        hand.executor.runNext();

        hand.time.advance(ByHand.LINGER);

        hand.executor.runAll();
        assertThat(hand.batches).hasSize(2);
    }

    @Test
    void anItemThatCameBackBeforeThereWasALingerDoesNotWaitForEver() {
        hand.skipToBeforeZero();
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ZERO).maxQueueTime(Duration.ZERO).build();
        CompletableFuture<Integer> future = batcher.process(-1);

        batcher.reconfigure(options -> options.withMaxQueueTime(ByHand.LINGER));
        hand.pass(Duration.ofMillis(100));

        assertThat(future).isCompletedWithValue(-2);
    }

    @Test
    void itsPlaceIsByOrderOfSubmission() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO).build();

        submit(batcher, 1, -1, 3, -2, 5, 6, 7, 8);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.pass(LEAST_DELAY);

        assertThat(hand.batches).containsExactly(List.of(1, -1, 3, -2, 5), List.of(-1, -2, 6, 7, 8));
    }

    @Test
    void aBatchOfRetriesIsAFullOne() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ZERO).build();

        submit(batcher, -1, -2, -3, -4, -5);
        hand.executor.runNext();
        hand.time.advance(LEAST_DELAY);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void itMayExceedTheQueue() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(DELAY).maxBatchSize(3).maxQueueSize(3).build();
        List<CompletableFuture<Integer>> tried = submit(batcher, -1, -2, -2);
        List<CompletableFuture<Integer>> queued = submit(batcher, 4, 5, 6);
        batcher.pause();

        hand.executor.runAll();

        assertThat(batcher.snapshot().queued()).isEqualTo(6);
        assertThat(tried).noneMatch(CompletableFuture::isDone);
        assertThat(ByHand.failure(batcher.process(7))).isInstanceOf(QueueFullException.class);
        queued.forEach(future -> future.cancel(false));
        assertThat(ByHand.failure(batcher.process(8))).isInstanceOf(QueueFullException.class);
        tried.get(0).cancel(false);
        assertThat(batcher.process(9)).isNotDone();
        batcher.resume();
        hand.pass(Duration.ofMillis(60));
        assertThat(tried.subList(1, 3)).allMatch(CompletableFuture::isDone);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void itsDeadlineStaysAndItMayHaveRun() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        CompletableFuture<Integer> future = batcher.process(-1, Duration.ofMillis(25));
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();

        hand.time.advance(Duration.ofMillis(15).minusNanos(1));
        assertThat(future).isNotDone();
        hand.time.advance(Duration.ofNanos(1));

        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        failure -> assertThat(failure.mayHaveRun()).isTrue());
        assertThat(batcher.snapshot().queued()).isZero();
        hand.pass(Duration.ofMillis(50));
        assertThat(hand.batches).hasSize(1);
    }

    @Test
    void whatItsCallerEndedInFlightIsNotTriedAgain() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    futures.get(0).cancel(false);
                    futures.get(1).complete(7);
                    hand.time.advanceMillis(5);
                    return Outcome.retry(hand.busy);
                })
                .maxBatchSize(3)
                .maxAttempts(2)
                .build();
        batcher.pause();
        futures.addAll(submit(batcher, 1, 2));
        futures.add(batcher.process(3, Duration.ofMillis(4)));
        batcher.resume();
        hand.pass(Duration.ofMillis(50));

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void anItemThatItsCallerEndsTwiceWhileItComesBackKeepsNoPlace() {
        AtomicBoolean once = new AtomicBoolean(true);
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(Duration.ofDays(1))
                .maxQueueTime(Duration.ZERO)
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        if (once.compareAndSet(true, false)) {
                            hand.executor.runAll(); // as another thread would, in the middle of the cancel
                        }
                    }
                })
                .build();
        CompletableFuture<Integer> future = batcher.process(-1);
        var unused = future.handle((result, failure) -> future.cancel(false));

        future.cancel(false);

        assertThat(future).isCancelled();
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void whatWasTriedAndIsRejectedByTheExecutorMayHaveRun() {
        boolean[] rejects = {false};
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY)
                .executor(task -> {
                    if (rejects[0]) {
                        throw new RejectedExecutionException();
                    }
                    hand.executor.execute(task);
                })
                .build();
        CompletableFuture<Integer> tried = batcher.process(-1);
        hand.pass(ByHand.LINGER);
        rejects[0] = true;
        CompletableFuture<Integer> fresh = batcher.process(2);
        hand.time.advance(DELAY);

        assertThat(ByHand.failure(tried)).isInstanceOfSatisfying(BatchAbortedException.class, failure -> {
            assertThat(failure.mayHaveRun()).isTrue();
            assertThat(failure).hasCauseInstanceOf(RejectedExecutionException.class);
        });
        assertThat(ByHand.failure(fresh))
                .isInstanceOfSatisfying(
                        BatchAbortedException.class,
                        failure -> assertThat(failure.mayHaveRun()).isFalse());
    }

    @Test
    void aPauseHoldsRetries() {
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY).build();
        CompletableFuture<Integer> future = batcher.process(-1);
        hand.pass(ByHand.LINGER);

        batcher.pause();
        hand.pass(Duration.ofMillis(50));
        assertThat(hand.batches).hasSize(1);
        batcher.resume();
        hand.executor.runAll();

        assertThat(future).isCompletedWithValue(-2);
    }

    @Test
    void everyItemIsToldOfAsSettledOnce() {
        List<ItemOutcome> settled = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.retrying(DELAY)
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        settled.add(outcome);
                    }
                })
                .build();

        submit(batcher, 1, -1, -9, 4, -2);
        hand.pass(Duration.ofMillis(100));

        assertThat(settled)
                .containsExactlyInAnyOrder(
                        ItemOutcome.SUCCESS,
                        ItemOutcome.SUCCESS,
                        ItemOutcome.SUCCESS,
                        ItemOutcome.SUCCESS,
                        ItemOutcome.FAILURE);
    }

    @Test
    void asynchronousOutcomesAreTriedAgainToo() {
        List<CompletableFuture<List<Outcome<Integer>>>> stages = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.asyncBuilder(
                        AsyncBatchProcessor.<Integer, Integer>withOutcomes(batch -> {
                            stages.add(new CompletableFuture<>());
                            return stages.get(stages.size() - 1);
                        }))
                .maxQueueTime(Duration.ZERO)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();

        stages.get(0).complete(List.of(Outcome.retry(hand.busy, DELAY)));
        hand.pass(DELAY);
        assertThat(stages).hasSize(2);
        stages.get(1).complete(List.of(Outcome.success(7)));

        assertThat(future).isCompletedWithValue(7);
    }

    @Tag("volume")
    @Test
    void manyTriesOnOneThreadMakeNoDeepStack() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    hand.time.skip(LEAST_DELAY); // the call takes as long
                    return Outcome.retry(hand.busy);
                })
                .executor(Runnable::run)
                .maxQueueTime(Duration.ZERO)
                .maxAttempts(100_000)
                .build();

        CompletableFuture<Integer> future = batcher.process(1);
        hand.time.advance(Duration.ofHours(1));

        assertThat(ByHand.failure(future)).isSameAs(hand.busy);
        assertThat(hand.batches).hasSize(100_000);
    }

    @Test
    void aListOfOutcomesThatIsChangedLaterHasNoEffect() {
        List<List<Outcome<Integer>>> kept = new ArrayList<>();
        Function<Integer, Outcome<Integer>> outcome = item -> hand.outcome(item, DELAY);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(
                        BatchProcessor.<Integer, Integer>withOutcomes(batch -> {
                            List<Outcome<Integer>> outcomes =
                                    new ArrayList<>(batch.stream().map(outcome).toList());
                            kept.add(outcomes);
                            return outcomes;
                        }))
                .maxBatchSize(3)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = submit(batcher, 1, -1, -2);
        hand.executor.runAll();
        kept.forEach(List::clear);

        hand.pass(Duration.ofMillis(100));

        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, -2, -4);
    }

    @Test
    void fewerTriesHoldForThoseUnderWay() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(DELAY).maxAttempts(100).build();
        CompletableFuture<Integer> future = batcher.process(-50);
        hand.pass(Duration.ofMillis(50));
        assertThat(future).isNotDone();

        batcher.reconfigure(options -> options.withMaxAttempts(2));
        hand.pass(Duration.ofMillis(50));

        assertThat(ByHand.failure(future)).isSameAs(hand.busy);
    }
}
