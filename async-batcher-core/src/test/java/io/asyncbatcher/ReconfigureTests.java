package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changing a living batcher: queued items are kept, and waiting batches decided anew. */
class ReconfigureTests {

    private final ByHand hand = new ByHand();

    @Test
    void aLowerBatchSizeSendsWhatIsFullNow() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 3);

        batcher.reconfigure(options -> options.withMaxBatchSize(2));
        hand.executor.runAll();

        assertThat(batcher.options().maxBatchSize()).isEqualTo(2);
        assertThat(hand.batches).containsExactly(List.of(1, 2));
        hand.time.advance(ByHand.LINGER);
        hand.executor.runAll();
        assertThat(hand.batches).last().isEqualTo(List.of(3));
    }

    @Test
    void aHigherBatchSizeHoldsForTheNextBatch() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        ByHand.submit(batcher, 1, 4);

        batcher.reconfigure(options -> options.withMaxBatchSize(7));
        ByHand.submit(batcher, 5, 6);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(7);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5, 6, 7));
    }

    @Test
    void aShorterLingerSendsWhatIsDueNow() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.process(1);
        hand.time.advanceMillis(4);

        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ofMillis(5)));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advanceMillis(1);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();
        batcher.process(2);
        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ZERO));

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void aLingerThatIsSwitchedOnCountsFromTheItemsOwnSubmission() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ZERO).build();
        ByHand.submit(batcher, 1, 2);

        hand.time.advance(ByHand.LINGER);
        batcher.reconfigure(options -> options.withMaxQueueTime(ByHand.LINGER).withConcurrency(2));

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void aSmallerBatchSizeDoesNotBeginTheLingerAnew() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(100).build();
        batcher.process(0);
        batcher.flush();
        ByHand.submit(batcher, 1, 7);

        hand.time.advanceMillis(9);
        batcher.reconfigure(options -> options.withMaxBatchSize(5).withConcurrency(3));
        assertThat(hand.executor.waiting()).isEqualTo(2);
        hand.time.advanceMillis(1);

        assertThat(hand.executor.waiting()).isEqualTo(3);
    }

    @Test
    void anItemThatComesAfterAReconfigurationLingersFromItsOwnSubmission() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(100).build();
        batcher.process(0);
        batcher.flush();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        batcher.reconfigure(options -> options.withMaxBatchSize(3));
        hand.executor.runAll();
        batcher.process(5);

        hand.time.advanceMillis(9);
        futures.get(3).cancel(false);
        hand.time.advanceMillis(1);

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void anItemQueuedWithoutLingerDoesNotLingerAfterTwoChanges() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).maxQueueTime(Duration.ZERO).build();
        ByHand.submit(batcher, 1, 2);
        hand.time.advanceMillis(13);

        batcher.reconfigure(options -> options.withMaxBatchSize(5).withMaxQueueTime(Duration.ofMillis(5)));
        batcher.reconfigure(
                options -> options.withMaxQueueTime(Duration.ofMillis(20)).withConcurrency(2));
        hand.time.advanceMillis(7);

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void moreSlotsAreUsedAtOnceAndFewerWhenTheyAreFree() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().maxBatchSize(1).build();
        ByHand.submit(batcher, 1, 10);

        batcher.reconfigure(options -> options.withConcurrency(4));
        assertThat(hand.executor.waiting()).isEqualTo(4);
        batcher.reconfigure(options -> options.withConcurrency(2));
        hand.executor.runNext();
        hand.executor.runNext();
        assertThat(hand.executor.waiting()).isEqualTo(2);
        hand.executor.runNext();

        assertThat(hand.executor.waiting()).isEqualTo(2);
    }

    @Test
    void aLowerQueueLimitKeepsWhatIsQueuedAndRejectsWhatComes() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().maxBatchSize(1).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 6);

        batcher.reconfigure(options -> options.withMaxQueueSize(2));

        assertThat(batcher.process(7)).isCompletedExceptionally();
        hand.executor.runAll();
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10, 12);
        assertThat(batcher.process(8)).isNotDone();
    }

    @Test
    void aWrongValueOrAnotherNameChangesNothing() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().name("prices").build();
        BatcherOptions before = batcher.options();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batcher.reconfigure(
                        options -> options.withMaxBatchSize(7).withConcurrency(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        batcher.reconfigure(options -> options.withName("other").withMaxBatchSize(7)));

        assertThat(batcher.options()).isEqualTo(before);
    }

    @Tag("volume")
    @Test
    void underLoadNothingIsLostAndNoBatchIsTooLarge() throws Exception {
        AtomicInteger largest = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    largest.accumulateAndGet(batch.size(), Math::max);
                    return ByHand.doubled(batch);
                })
                .maxQueueSize(-1)
                .build();
        Thread changing = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                int turn = i;
                batcher.reconfigure(options -> options.withMaxBatchSize(1 + turn % 50)
                        .withConcurrency(1 + turn % 4)
                        .withMaxQueueTime(Duration.ofNanos(turn % 3 * 100_000L)));
                Thread.onSpinWait();
            }
        });
        changing.start();

        List<Integer> results =
                batcher.processAll(IntStream.range(0, 200_000).boxed().toList()).get(30, SECONDS);
        done.set(true);
        changing.join();

        assertThat(results)
                .isEqualTo(IntStream.range(0, 200_000)
                        .map(item -> 2 * item)
                        .boxed()
                        .toList());
        assertThat(largest).hasValueLessThanOrEqualTo(100);
        batcher.stop(false).get(10, SECONDS);
    }

    @Tag("volume")
    @Test
    void everyOptionMayBeChangedUnderLoadAndNothingIsLost() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger largest = new AtomicInteger();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.builder(BatchProcessor.<Integer, Integer>withOutcomes(
                        batch -> {
                            largest.accumulateAndGet(batch.size(), Math::max);
                            if (ThreadLocalRandom.current().nextInt(200) == 0) {
                                throw new RateLimitedException(Duration.ofNanos(50_000));
                            }
                            return batch.stream()
                                    .map(item -> ThreadLocalRandom.current().nextInt(100) == 0
                                            ? Outcome.<Integer>retry(new IOException(), Duration.ofNanos(20_000))
                                            : Outcome.success(2 * item))
                                    .toList();
                        }))
                .maxQueueSize(-1)
                .maxAttempts(50)
                .maxBatchWeight(1_000, item -> 1 + item % 10)
                .partitionBy(item -> item % 5)
                .build();
        Thread changing = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                int turn = i;
                batcher.reconfigure(options -> options.withMaxBatchSize(1 + turn % 50)
                        .withConcurrency(1 + turn % 4)
                        .withMaxQueueTime(Duration.ofNanos(turn % 3 * 100_000L))
                        .withMaxBatchWeight(turn % 7 == 0 ? -1 : 10 + turn % 100)
                        .withDeduplicate(turn % 2 == 0)
                        .withBatchTimeout(turn % 3 == 0 ? null : Duration.ofMinutes(1))
                        .withMaxAttempts(50 + turn % 2)
                        .withRateLimit(turn % 3 == 1 ? new RateLimit(1 + turn % 10, Duration.ofNanos(10_000)) : null)
                        .withDispatch(List.of(DispatchMode.values()).get(turn % 3)));
                Thread.onSpinWait();
            }
        });
        changing.start();
        List<Integer> items = IntStream.range(0, 100_000).boxed().toList();

        List<Integer> results;
        try {
            results = batcher.processAll(items).get(60, SECONDS);
        } finally {
            done.set(true);
            changing.join();
        }

        assertThat(results).isEqualTo(ByHand.doubled(items));
        assertThat(largest).hasValueLessThanOrEqualTo(100);
        batcher.stop(false).get(10, SECONDS);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void whatIsQueuedBeyondALowerLimitIsCounted() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().maxBatchSize(-1).build();
        batcher.pause();
        ByHand.submit(batcher, 1, 9);

        batcher.reconfigure(options -> options.withMaxQueueSize(2));

        assertThat(batcher.snapshot().queued()).isEqualTo(9);
    }

    @Test
    void aLimitOfTheWeightNeedsAWeigher() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().name("words").build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batcher.reconfigure(options -> options.withMaxBatchWeight(10)))
                .withMessage(
                        "maxBatchWeight of batcher 'words' is 10, but nothing says what an item weighs; build the batcher"
                                + " with maxBatchWeight(limit, weigher), or leave the limit at -1");

        assertThat(batcher.options().maxBatchWeight()).isEqualTo(-1);
    }

    @Test
    void itsTextIsItsName() {
        assertThat(hand.builder().name("words").build()).hasToString("AsyncBatcher[words]");
    }

    @Test
    void aChangeThatOthersHaveOvertakenIsMadeAnew() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        AtomicInteger asked = new AtomicInteger();

        batcher.reconfigure(options -> {
            if (asked.incrementAndGet() == 1) {
                batcher.reconfigure(before -> before.withMaxBatchSize(7));
            }
            return options.withMaxQueueSize(70);
        });

        assertThat(asked).hasValue(2);
        assertThat(batcher.options().maxBatchSize()).isEqualTo(7);
        assertThat(batcher.options().maxQueueSize()).isEqualTo(70);
    }
}
