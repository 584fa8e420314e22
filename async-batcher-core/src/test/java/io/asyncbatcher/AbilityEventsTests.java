package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What listeners hear of retries, merged items, halvings and rate limits. */
class AbilityEventsTests {

    private final ByHand hand = new ByHand();
    private final List<String> events = new ArrayList<>();

    private final BatcherListener recording = new BatcherListener() {
        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            events.add("dispatched " + queueNanos.length);
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            events.add("finished " + outcome);
        }

        @Override
        public void onRetried(String batcher, int items) {
            events.add(batcher + " retried " + items);
        }

        @Override
        public void onDeduplicated(String batcher, int items) {
            events.add(batcher + " deduplicated " + items);
        }

        @Override
        public void onHalved(String batcher, int items) {
            events.add(batcher + " halved " + items);
        }

        @Override
        public void onRateLimited(String batcher, long heldNanos) {
            events.add(batcher + " held " + TimeUnit.NANOSECONDS.toMillis(heldNanos));
        }
    };

    private AsyncBatcher<Integer, Integer> listenedTo(AsyncBatcher.Builder<Integer, Integer> builder) {
        return builder.name("prices").listener(recording).build();
    }

    @Test
    void itemsThatAreTriedAgainAreToldBeforeTheEndOfTheirBatch() {
        Deque<Outcome<Integer>> outcomes = new ArrayDeque<>(List.of(
                Outcome.success(1),
                Outcome.retry(new IllegalStateException()),
                Outcome.retry(new IllegalStateException(), Duration.ofMillis(5)),
                Outcome.failure(new IllegalStateException()),
                Outcome.success(5),
                Outcome.success(2),
                Outcome.retry(new IllegalStateException())));
        AsyncBatcher<Integer, Integer> batcher =
                listenedTo(hand.outcomes(item -> outcomes.remove()).maxAttempts(2));

        ByHand.submit(batcher, 1, 5);
        hand.pass(ByHand.LINGER.multipliedBy(3));

        assertThat(events.subList(0, 3)).containsExactly("dispatched 5", "prices retried 2", "finished PARTIAL");
        // The one whose attempts are used up fails, and isn't tried again.
        assertThat(events).filteredOn(event -> event.contains("retried")).hasSize(1);
    }

    @Test
    void itemsThatAnEqualOneStandsForAreToldOnceABatch() {
        AsyncBatcher<Integer, Integer> batcher = listenedTo(hand.<Integer>builder(batch -> {
                    throw new IllegalStateException();
                })
                .deduplicate()
                .isolateFailures(failure -> true));

        for (int item : List.of(1, 1, 2, 1, 2)) {
            batcher.process(item);
        }
        hand.executor.runAll();

        assertThat(events).startsWith("dispatched 5", "prices deduplicated 3", "prices halved 5");
        assertThat(events).filteredOn(event -> event.contains("deduplicated")).hasSize(1);
    }

    @Test
    void everyHalvingIsToldWithTheSizeOfTheCallThatFailed() {
        AsyncBatcher<Integer, Integer> batcher = listenedTo(hand.builder(batch -> {
                    if (batch.contains(1)) {
                        throw new IllegalStateException();
                    }
                    return ByHand.doubled(batch);
                })
                .isolateFailures(failure -> true));

        ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();

        assertThat(events).containsExactly("dispatched 5", "prices halved 5", "prices halved 2", "finished PARTIAL");
    }

    @Test
    void theTimeForWhichARateLimitHeldItemsBackIsToldBeforeTheNextCall() {
        AsyncBatcher<Integer, Integer> batcher = listenedTo(
                hand.builder().dispatch(DispatchMode.NATURAL).concurrency(2).rateLimit(1, Duration.ofMillis(20)));

        batcher.process(1);
        hand.executor.runAll();
        hand.time.advanceMillis(5); // nothing is held back
        batcher.process(2);
        hand.time.advanceMillis(15);
        hand.executor.runAll();

        assertThat(events)
                .containsExactly(
                        "dispatched 1", "finished SUCCESS", "dispatched 1", "prices held 15", "finished SUCCESS");
    }

    @Test
    void theTimeInWhichNothingIsQueuedIsNotHeldByARateLimit() {
        AsyncBatcher<Integer, Integer> batcher = listenedTo(
                hand.builder().dispatch(DispatchMode.NATURAL).concurrency(2).rateLimit(1, Duration.ofMillis(20)));
        batcher.process(1);
        hand.executor.runAll();
        hand.time.advanceMillis(5);
        CompletableFuture<Integer> second = batcher.process(2);
        hand.time.advanceMillis(3);
        second.cancel(false);
        hand.time.advanceMillis(7); // nothing is held back
        batcher.process(3);
        hand.time.advanceMillis(5);
        hand.executor.runAll();

        assertThat(events).filteredOn(event -> event.contains("held")).containsExactly("prices held 8");
    }

    @Test
    void theTimeForWhichTheSlotsWereTakenIsNotHeldByARateLimit() {
        AsyncBatcher<Integer, Integer> batcher = listenedTo(hand.builder(batch -> {
                    hand.time.advanceMillis(15);
                    return ByHand.doubled(batch);
                })
                .dispatch(DispatchMode.NATURAL)
                .rateLimit(1, Duration.ofMillis(20)));

        batcher.process(1);
        batcher.process(2);
        hand.executor.runNext();
        hand.time.advanceMillis(5);
        hand.executor.runNext();

        assertThat(events).containsOnlyOnce("prices held 5");
        assertThat(events).filteredOn(event -> event.contains("held")).hasSize(1);
    }

    @Test
    void aProcessorThatSlowsItsBatcherDownHoldsItAndRetriesNothing() {
        Deque<Boolean> rejections = new ArrayDeque<>(List.of(true));
        AsyncBatcher<Integer, Integer> batcher = listenedTo(hand.builder(batch -> {
            if (rejections.poll() != null) {
                throw new RateLimitedException(Duration.ofMillis(7));
            }
            return ByHand.doubled(batch);
        }));

        ByHand.submit(batcher, 1, 5);
        hand.executor.runAll();
        hand.time.advanceMillis(7);
        hand.executor.runAll();

        assertThat(events)
                .containsExactly(
                        "dispatched 5", "finished FAILURE", "dispatched 5", "prices held 7", "finished SUCCESS");
    }
}
