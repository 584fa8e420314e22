package io.asyncbatcher.internal.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.AsyncBatcher;
import io.asyncbatcher.internal.thread.Nanos;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ItemTests {

    private final HandRunExecutor executor = new HandRunExecutor();

    private AsyncBatcher.Builder<Integer, Integer> builder() {
        return AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(1)
                .time(new VirtualTime())
                .executor(executor);
    }

    @Test
    void onlyAnItemWithATimeoutHasTheFieldsForOne() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();

        assertThat(batcher.process(1)).isExactlyInstanceOf(Item.class);
        assertThat(batcher.process(1, Duration.ofMillis(30))).isExactlyInstanceOf(TimedItem.class);
        batcher.reconfigure(options -> options.withItemTimeout(Duration.ofMillis(30)));
        assertThat(batcher.process(1)).isExactlyInstanceOf(TimedItem.class);
    }

    @Test
    void oneThatItsCallerHasEndedKeepsNothingOfTheBatcher() {
        HandRunExecutor completions = new HandRunExecutor();
        AsyncBatcher<Integer, Integer> batcher =
                builder().completionExecutor(completions).build();
        CompletableFuture<Integer> cancelled = batcher.process(1);
        executor.runAll();
        cancelled.cancel(true);

        completions.runAll();

        assertThat(((Item<?, ?>) cancelled).position).isNull();
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void oneThatIsSettledKeepsNothingOfWhatWasSubmitted() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> succeeded = batcher.process(1);
        CompletableFuture<Integer> cancelled = batcher.process(2);
        cancelled.cancel(false);
        executor.runAll();
        batcher.stop(false);
        CompletableFuture<Integer> rejected = batcher.process(3);

        assertThat(List.of(succeeded, cancelled, rejected))
                .allMatch(CompletableFuture::isDone)
                .allSatisfy(future -> assertThat(((Item<?, ?>) future).value).isNull());
    }

    @Test
    void whoEndsItFirstIsTold() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> completed = batcher.process(1);
        CompletableFuture<Integer> failed = batcher.process(2);
        CompletableFuture<Integer> cancelled = batcher.process(3);

        assertThat(completed.complete(10)).isTrue();
        assertThat(completed.complete(11)).isFalse();
        assertThat(completed.completeExceptionally(new IllegalStateException())).isFalse();
        assertThat(failed.completeExceptionally(new IllegalStateException())).isTrue();
        assertThat(failed.completeExceptionally(new IllegalArgumentException())).isFalse();
        assertThat(failed.cancel(false)).isFalse();
        assertThat(cancelled.cancel(false)).isTrue();

        assertThat(completed).isCompletedWithValue(10);
        assertThat(failed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAsynchronousEndIsTheItemsOwn() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> item = batcher.process(1);
        HandRunExecutor later = new HandRunExecutor();

        assertThat(item.completeAsync(() -> 10, later)).isSameAs(item);
        assertThat(item).isNotDone();
        later.runAll();

        assertThat(item).isCompletedWithValue(10);
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void anEndByForceReplacesTheResultAndKeepsNothing() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> item = batcher.process(1);
        CompletableFuture<Integer> other = batcher.process(2);

        item.obtrudeValue(10);
        other.obtrudeException(new IllegalStateException());
        executor.runAll();

        assertThat(item).isCompletedWithValue(10);
        assertThat(other).isCompletedExceptionally();
        assertThat(List.of(item, other)).allMatch(future -> ((Item<?, ?>) future).value == null);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void itsTextTellsWhetherItIsSettledAndNothingElse() {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> item = batcher.process(4711);

        assertThat(item.toString()).matches("Item@[0-9a-f]+\\[unsettled]");
        item.complete(4712);
        assertThat(item.toString()).matches("Item@[0-9a-f]+\\[settled]");
    }

    @Test
    void oneThatIsSettledNeitherBeginsNorGoesBack() {
        Item<Integer, Integer> item = new Item<>(null, 1);
        assertThat(item.begin()).isTrue();
        assertThat(item.mayRun()).isTrue();
        assertThat(item.giveBack()).isTrue();

        item.complete(10);

        assertThat(item.begin()).isFalse();
        assertThat(item.mayRun()).isFalse();
        assertThat(item.giveBack()).isFalse();
    }

    private static TimedItem<Integer, Integer> timed(long timeoutNanos) {
        return new TimedItem<>(null, 1, "orders", null, new VirtualTime(), timeoutNanos);
    }

    @Test
    void onlyOneWithATimeoutExpires() {
        assertThat(timed(5).expires()).isTrue();
        assertThat(timed(Nanos.FOREVER).expires()).isFalse();
    }

    @Test
    void oneThatIsBackInTheQueueMayRunAgain() {
        TimedItem<Integer, Integer> item = timed(5);

        assertThat(item.begin()).isTrue();
        assertThat(item.giveBack()).isTrue();
        assertThat(item.mayRun()).isTrue();
        assertThat(item.begin()).isTrue();
    }

    @Test
    void oneThatHasExpiredInItsBatchDoesNotGoBack() {
        TimedItem<Integer, Integer> item = timed(5);
        item.begin();

        assertThat(item.expiry().mayHaveRun()).isTrue();

        assertThat(item.giveBack()).isFalse();
        assertThat(item.mayRun()).isFalse();
    }

    @Test
    void oneThatItsCallerHasEndedIsNotWaitedForThoughTheCompletionExecutorHasLostIt() {
        AsyncBatcher<Integer, Integer> batcher =
                builder().completionExecutor(new HandRunExecutor()).build();
        CompletableFuture<Integer> cancelled = batcher.process(1);
        executor.runAll();

        cancelled.cancel(true);

        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void whoWaitsForItGetsItsResult() throws Exception {
        CompletableFuture<Integer> future = builder().build().process(1);
        executor.runAll();

        assertThat(future.get()).isEqualTo(1);
    }
}
