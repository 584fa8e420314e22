package io.asyncbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code itemTimeout}: the bound on items that are submitted without a timeout of their own. */
class DefaultItemTimeoutTests {

    private final ByHand hand = new ByHand();

    private AsyncBatcher.Builder<Integer, Integer> builder() {
        return hand.builder().maxBatchSize(1).itemTimeout(Duration.ofMillis(30));
    }

    private static void assertExpired(CompletableFuture<?> future, boolean mayHaveRun) {
        assertThat(ByHand.failure(future))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isEqualTo(mayHaveRun))
                .hasMessageContaining("its timeout of PT0.03S was over");
    }

    /** Every way to queue an item: in the shared queue, with a weight, in a partition, and while somebody listens. */
    @Tag("volume")
    @ParameterizedTest
    @ValueSource(strings = {"plain", "weight", "partition", "listener"})
    void aProcessorThatHangsHoldsNoCaller(String ability) {
        UnaryOperator<AsyncBatcher.Builder<Integer, Integer>> with = switch (ability) {
            case "weight" -> builder -> builder.maxBatchWeight(100, item -> 1);
            case "partition" -> builder -> builder.partitionBy(item -> item % 2);
            case "listener" -> builder -> builder.listener(new BatcherListener() {});
            default -> builder -> builder;
        };
        CompletableFuture<List<Integer>> hanging = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher = with.apply(
                        AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> hanging)
                                .maxBatchSize(1)
                                .itemTimeout(Duration.ofMillis(30))
                                .time(hand.time)
                                .executor(hand.executor))
                .build();
        CompletableFuture<Integer> inFlight = batcher.process(1);
        hand.executor.runAll();
        CompletableFuture<Integer> queued = batcher.process(2);

        hand.time.advanceMillis(29);
        assertThat(inFlight).isNotDone();
        assertThat(queued).isNotDone();
        hand.time.advanceMillis(1);

        assertExpired(inFlight, true);
        assertExpired(queued, false);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void everyItemOfProcessAllHasIt() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3));

        hand.time.advanceMillis(30);

        assertExpired(all, false);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void anItemsOwnTimeoutTakesItsPlaceBeItShorterOrLonger() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> shorter = batcher.process(1, Duration.ofMillis(10));
        CompletableFuture<Integer> longer = batcher.process(2, Duration.ofMillis(50));

        hand.time.advanceMillis(10);
        assertThat(shorter).isCompletedExceptionally();
        hand.time.advanceMillis(39);
        assertThat(longer).isNotDone();
        hand.time.advanceMillis(1);

        assertThat(ByHand.failure(longer)).isInstanceOf(ItemExpiredException.class);
    }

    @Test
    void anItemThatEndsInTimeIsASuccessAndLeavesNoAlarm() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> first = batcher.process(1);

        hand.executor.runAll();
        batcher.stop(false);

        assertThat(first).isCompletedWithValue(2);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aRetryDoesNotLengthenIt() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new IllegalStateException("busy"), Duration.ofMillis(20)))
                .maxBatchSize(1)
                .maxAttempts(100)
                .itemTimeout(Duration.ofMillis(30))
                .build();
        CompletableFuture<Integer> item = batcher.process(1);

        hand.pass(Duration.ofMillis(30));

        assertExpired(item, true);
        assertThat(hand.batches).hasSize(2);
    }

    @Test
    void aReconfigurationConcernsWhatIsSubmittedAfterwards() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        batcher.pause();
        CompletableFuture<Integer> without = batcher.process(1);
        batcher.reconfigure(options -> options.withItemTimeout(Duration.ofMillis(30)));
        CompletableFuture<Integer> with = batcher.process(2);
        batcher.reconfigure(options -> options.withItemTimeout(null));
        CompletableFuture<Integer> withoutAgain = batcher.process(3);

        hand.time.advanceMillis(30);

        assertExpired(with, false);
        assertThat(List.of(without, withoutAgain)).noneMatch(CompletableFuture::isDone);
        batcher.resume();
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1, 3));
    }

    @Test
    void theLongestOneNeverExpires() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().itemTimeout(Duration.ofSeconds(Long.MAX_VALUE)).build();
        CompletableFuture<Integer> item = batcher.process(1);

        hand.time.advance(Duration.ofDays(1));
        hand.executor.runAll();

        assertThat(item).isCompletedWithValue(2);
    }
}
