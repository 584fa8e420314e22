package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The age of the oldest queued item, as a snapshot tells it. */
class OldestQueuedTests {

    private static final BatcherListener LISTENER = new BatcherListener() {};

    private final ByHand hand = new ByHand();

    private static Duration oldest(AsyncBatcher<?, ?> batcher) {
        return batcher.snapshot().oldestQueuedAge();
    }

    @Test
    void whereNothingIsQueuedNothingIsOld() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        assertThat(oldest(batcher)).isZero();

        ByHand.submit(batcher, 1, 5);

        assertThat(batcher.snapshot().inFlight()).isEqualTo(5);
        assertThat(oldest(batcher)).isZero();
    }

    @Test
    void anItemThatLingersIsAsOldAsItsLinger() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.process(1);
        hand.time.advanceMillis(3);
        batcher.process(2);
        hand.time.advanceMillis(4);

        assertThat(oldest(batcher)).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void anAgeBetweenTwoBatchesIsNeverTooShort() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        for (int item = 1; item <= 12; item++) {
            batcher.process(item);
            hand.time.advanceMillis(1);
        }
        batcher.resume(); // 1 to 5 go, 6 is the oldest

        assertThat(oldest(batcher)).isBetween(Duration.ofMillis(7), Duration.ofMillis(12));
    }

    @Test
    void withAListenerItIsExactWhateverIsGone() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().dispatch(DispatchMode.NATURAL).listener(LISTENER).build();
        batcher.process(1);
        hand.time.advanceMillis(1);
        var second = batcher.process(2);
        hand.time.advanceMillis(1);
        batcher.process(3);
        hand.time.advanceMillis(1);
        assertThat(oldest(batcher)).isEqualTo(Duration.ofMillis(2));

        second.cancel(false);

        assertThat(oldest(batcher)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void whereNobodyKnowsItIsNotGuessed() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().dispatch(DispatchMode.NATURAL).build();
        ByHand.submit(batcher, 1, 2);
        hand.time.advanceMillis(1);

        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(oldest(batcher)).isNull();
    }

    @Test
    void whatWasQueuedBeforeThereWasALingerHasNoKnownAge() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxQueueTime(Duration.ZERO).build();
        batcher.process(1);
        batcher.process(2);
        batcher.reconfigure(options -> options.withMaxQueueTime(ByHand.LINGER));
        hand.time.advanceMillis(1);

        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(oldest(batcher)).isNull();
    }

    @Test
    void stampsOfAnEarlierLingerAreNotTaken() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        batcher.process(1);
        batcher.reconfigure(options -> options.withMaxQueueTime(Duration.ZERO));
        hand.time.advance(Duration.ofHours(1));
        batcher.process(2);

        assertThat(oldest(batcher)).isNull();
    }

    @Test
    void theOldestOfAllPartitionsCounts() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().partitionBy(item -> item % 3).build();
        for (int item = 1; item <= 3; item++) {
            batcher.process(item);
            hand.time.advanceMillis(1);
        }

        assertThat(oldest(batcher)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void anItemThatWaitsForAnotherTryIsAsOldAsItsSubmission() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new IllegalStateException(), Duration.ofSeconds(9)))
                .listener(LISTENER)
                .build();
        batcher.process(1);
        hand.pass(Duration.ofSeconds(2));

        assertThat(hand.batches).containsExactly(List.of(1));
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(oldest(batcher)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aSnapshotDoesNotStopTheClock() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxQueueTime(Duration.ZERO)
                .batchTimeout(Duration.ofSeconds(1))
                .build();
        batcher.pause();
        var item = batcher.process(1);
        assertThat(oldest(batcher)).isNull();
        hand.time.advance(Duration.ofMinutes(1));
        batcher.resume(); // its batch has a second from here on
        hand.time.advanceMillis(1);
        hand.executor.runAll();

        assertThat(item).isCompletedWithValue(2);
    }

    @Test
    void anItemThatComesBackIsAsOldAsBefore() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.retrying(Duration.ofMillis(100)).maxAttempts(2).build();
        batcher.process(-1);
        hand.pass(ByHand.LINGER);

        hand.time.advanceMillis(20);

        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(oldest(batcher)).isEqualTo(Duration.ofMillis(30));
    }
}
