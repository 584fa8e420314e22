package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alarms that ring late, so that several things are due at once. */
@Timeout(30)
class LateAlarmTests {

    private final ByHand hand = new ByHand();

    /** Lets time pass in which no alarm rings, and then has them ring. */
    private void passAsleep(Duration span) {
        hand.time.skip(span);
        hand.time.advanceMillis(0);
    }

    @Test
    void aGraceAndADelayDueTogetherEndTheStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new IllegalStateException(), Duration.ofMillis(20)))
                .maxQueueTime(Duration.ZERO)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();
        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(10));

        passAsleep(Duration.ofMillis(30));
        hand.pass(Duration.ofMillis(100));

        assertThat(future).isDone();
        assertThat(stopped).isDone();
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void aTimeoutAndADelayDueTogetherDispatchNothing() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new IllegalStateException(), Duration.ofMillis(20)))
                .maxQueueTime(Duration.ZERO)
                .build();
        CompletableFuture<Integer> future = batcher.process(1, Duration.ofMillis(15));
        hand.executor.runAll();

        passAsleep(Duration.ofMillis(30));

        assertThat(ByHand.failure(future)).isInstanceOf(ItemExpiredException.class);
        assertThat(hand.executor.waiting()).isZero();
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aGraceAndABatchTimeoutDueTogetherEndTheStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new IllegalStateException();
                })
                .batchTimeout(Duration.ofMillis(20))
                .maxBatchSize(4)
                .isolateFailures(IllegalStateException.class::isInstance)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext(); // fails; the first half waits in the executor
        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(10));

        passAsleep(Duration.ofMillis(30));
        hand.pass(Duration.ofMillis(100));

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(stopped).isDone();
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void aBatchThatBeginsAtTheMomentOfItsTimeoutIsGivenUp() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxBatchSize(1)
                .batchTimeout(Duration.ofMillis(20))
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        hand.time.skip(Duration.ofMillis(20));

        hand.executor.runAll();

        assertThat(ByHand.failure(future)).isInstanceOf(BatchAbortedException.class);
        assertThat(hand.batches).isEmpty();
    }

    @Test
    void aBatchThatBeginsAtTheMomentOfItsTimeoutIsGivenUpOnAnyClock() {
        hand.skipToBeforeZero();
        aBatchThatBeginsAtTheMomentOfItsTimeoutIsGivenUp();
    }
}
