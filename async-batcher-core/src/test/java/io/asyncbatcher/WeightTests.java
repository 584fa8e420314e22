package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.testing.BatchLog;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches bounded by weight. Where nothing else is said an item weighs what it is. */
@Timeout(30)
class WeightTests {

    private final ByHand hand = new ByHand();
    private final BatchLog log = new BatchLog();

    private AsyncBatcher.Builder<Integer, Integer> limited(long weight, ToLongFunction<Integer> weigher) {
        return hand.builder().maxBatchWeight(weight, weigher).listener(log);
    }

    private AsyncBatcher.Builder<Integer, Integer> limited(long weight) {
        return limited(weight, item -> item);
    }

    private static void submit(AsyncBatcher<Integer, Integer> batcher, int... items) {
        for (int item : items) {
            batcher.process(item);
        }
    }

    @Test
    void aBatchOfExactlyTheLimitIsFullAndNeverWaitsForTheTimer() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();

        submit(batcher, 4, 5);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(1);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(4, 5, 1));
        assertThat(log.dispatched()).extracting(BatchLog.Dispatched::reason).containsExactly(DispatchReason.WEIGHT);
    }

    @Test
    void theItemThatWouldMakeItHeavierSendsItAndBeginsTheNext() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();

        submit(batcher, 4, 5, 3);
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(4, 5));
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(4, 5), List.of(3));
        assertThat(log.dispatched())
                .extracting(BatchLog.Dispatched::reason)
                .containsExactly(DispatchReason.WEIGHT, DispatchReason.LINGER);
    }

    @Test
    void aLightBatchLingers() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();

        submit(batcher, 4, 5);
        hand.time.advance(ByHand.LINGER.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.time.advance(Duration.ofNanos(1));

        assertThat(hand.executor.waiting()).isEqualTo(1);
    }

    @Test
    void theLimitOfItemsHoldsToo() {
        AsyncBatcher<Integer, Integer> batcher = limited(100).build();

        submit(batcher, 1, 1, 1, 1, 1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 1, 1, 1, 1));
        assertThat(log.dispatched()).extracting(BatchLog.Dispatched::reason).containsExactly(DispatchReason.FULL);
    }

    @Test
    void aHeavierItemIsRejectedAtOnceAndTouchesNobody() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();
        CompletableFuture<Integer> before = batcher.process(6);

        CompletableFuture<Integer> heavy = batcher.process(11);

        assertThat(ByHand.failure(heavy))
                .isInstanceOfSatisfying(
                        ItemTooHeavyException.class,
                        failure -> assertThat(failure.mayHaveRun()).isFalse());
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(batcher.snapshot().rejections()).containsEntry(RejectionReason.TOO_HEAVY, 1L);
        assertThat(log.rejected()).containsExactly(RejectionReason.TOO_HEAVY);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(4);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(6, 4));
        assertThat(before).isCompletedWithValue(12);
    }

    @Test
    void anItemOfExactlyTheLimitIsABatch() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).concurrency(-1).build();

        submit(batcher, 3, 10);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(3), List.of(10));
    }

    @Test
    void itemsMayWeighNothing() {
        AsyncBatcher<Integer, Integer> batcher = limited(3).build();

        submit(batcher, 0, 0, 3, 0);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches.stream().flatMap(List::stream)).containsExactly(0, 0, 3, 0);
        assertThat(hand.batches.get(0)).startsWith(0, 0, 3);
    }

    @Test
    void whileTheSlotIsBusyABatchGrowsUpToItsWeightAndNobodyIsPassedBy() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).maxBatchSize(-1).build();
        batcher.process(10);

        submit(batcher, 7, 4, 3, 3, 8, 1);
        hand.executor.runAll();
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(10), List.of(7), List.of(4, 3, 3), List.of(8, 1));
    }

    @Test
    void weightsThatOverflowAreAddedUpAsWhatTheyAre() {
        AsyncBatcher<Integer, Integer> batcher = limited(Long.MAX_VALUE, item -> Long.MAX_VALUE - 1)
                .concurrency(-1)
                .build();

        submit(batcher, 1, 2, 3);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2), List.of(3));
    }

    @Test
    void withoutALimitForNowOnlyItemsCount() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(-1, item -> Long.MAX_VALUE).build();

        submit(batcher, 1, 2, 3, 4, 5);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2, 3, 4, 5));
    }

    @Test
    void aCancelledItemGivesItsWeightBack() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();
        batcher.process(3);
        batcher.process(6).cancel(false);

        batcher.process(6);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(3, 6, 1));
    }

    @Test
    void anExpiredItemGivesItsWeightBack() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();
        batcher.process(3);
        batcher.process(6, Duration.ofMillis(1));
        hand.time.advanceMillis(1);

        batcher.process(7);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(3, 7));
    }

    @Test
    void whatAWeigherThrowsFailsThatItemAlone() {
        AsyncBatcher<Integer, Integer> batcher = limited(10, item -> switch (item) {
                    case 1 -> throw new IllegalStateException("thrown by a test");
                    case 2 -> throw new StackOverflowError("thrown by a test");
                    case 3 -> -1;
                    case 4 -> Long.MIN_VALUE;
                    default -> 1;
                })
                .maxQueueSize(2)
                .build();

        for (int item = 1; item <= 4; item++) {
            assertThat(batcher.process(item)).isCompletedExceptionally();
        }
        assertThat(batcher.snapshot().queued()).isZero();
        CompletableFuture<Integer> five = batcher.process(5);
        CompletableFuture<Integer> six = batcher.process(6);
        hand.pass(ByHand.LINGER);

        assertThat(five).isCompletedWithValue(10);
        assertThat(six).isCompletedWithValue(12);
        assertThat(hand.batches.stream().flatMap(List::stream)).containsExactly(5, 6);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aFailingWeigherFailsOnlyItsItemOfAll() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(10, item -> item == 2 ? -1 : 1).build();

        CompletableFuture<List<Integer>> all = batcher.processAll(List.of(1, 2, 3));
        hand.pass(ByHand.LINGER);

        assertThat(all).isCompletedExceptionally();
        assertThat(hand.batches).containsExactly(List.of(1, 3));
    }

    @Test
    void theWeigherIsCalledOnceAnItemByTheSubmittingThread() {
        List<Thread> callers = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxBatchSize(2)
                .maxBatchWeight(5, item -> {
                    callers.add(Thread.currentThread());
                    return 2;
                })
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 7);
        batcher.close();

        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(callers).hasSize(7).containsOnly(Thread.currentThread());
    }

    @Test
    void aWeigherMayCallTheBatcher() {
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = limited(10, item -> {
                    if (item == 1) {
                        self.get(0).process(2);
                        self.get(0).flush();
                        self.get(0).snapshot();
                    }
                    return 1;
                })
                .concurrency(-1)
                .build();
        self.add(batcher);

        batcher.process(1);
        hand.pass(ByHand.LINGER);

        assertThat(hand.batches.stream().flatMap(List::stream)).containsExactly(2, 1);
    }

    @Test
    void aWeigherThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(ByHand::doubled)
                .maxQueueTime(Duration.ZERO)
                .maxBatchWeight(10, item -> {
                    if (item == 1) {
                        entered.countDown();
                        ByHand.await(released);
                    }
                    return 1;
                })
                .build();
        CompletableFuture<CompletableFuture<Integer>> blocked = ByHand.elsewhere(() -> batcher.process(1));
        assertThat(entered.await(10, SECONDS)).isTrue();

        assertThat(batcher.process(2).get(10, SECONDS)).isEqualTo(4);
        released.countDown();
        assertThat(blocked.get(10, SECONDS).get(10, SECONDS)).isEqualTo(2);
        batcher.close();
    }

    @Test
    void aLowerLimitSendsWhatIsFullNowAndFailsWhatNoBatchCanHold() {
        AsyncBatcher<Integer, Integer> batcher = limited(20).concurrency(-1).build();
        CompletableFuture<Integer> heavy = batcher.process(9);
        submit(batcher, 2, 2);

        batcher.reconfigure(options -> options.withMaxBatchWeight(4));
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(2, 2));
        assertThat(ByHand.failure(heavy))
                .isInstanceOfSatisfying(
                        ItemTooHeavyException.class,
                        failure -> assertThat(failure.mayHaveRun()).isFalse());
        assertThat(ByHand.failure(batcher.process(5))).isInstanceOf(ItemTooHeavyException.class);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void aLowerLimitHoldsForPartitionsAndForWhatIsDelayedOrComesBack() {
        ByHand own = new ByHand();
        AsyncBatcher<Integer, Integer> batcher = own.outcomes(
                        item -> Outcome.retry(new IllegalStateException("thrown by a test"), Duration.ofHours(1)))
                .maxBatchWeight(20, item -> item)
                .partitionBy(item -> item % 2)
                .maxQueueTime(Duration.ZERO)
                .build();
        CompletableFuture<Integer> delayed = batcher.process(9);
        own.executor.runAll();
        CompletableFuture<Integer> inFlight = batcher.process(10);
        CompletableFuture<Integer> queued = batcher.process(11);
        CompletableFuture<Integer> light = batcher.process(3);

        batcher.reconfigure(options -> options.withMaxBatchWeight(5));
        own.executor.runAll();

        assertThat(own.batches).containsExactly(List.of(9), List.of(10), List.of(3));
        assertThat(List.of(delayed, inFlight, queued))
                .extracting(ByHand::failure)
                .hasOnlyElementsOfType(ItemTooHeavyException.class)
                .extracting(failure -> ((BatcherException) failure).mayHaveRun())
                .containsExactly(true, true, false);
        assertThat(light).isNotDone();
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(batcher.stop(true)).isCompleted();
    }

    @Test
    void aLowerLimitHoldsForThoseThatWaitForAPlace() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = limited(20)
                .maxQueueSize(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofHours(1))
                .build();
        batcher.pause();
        batcher.process(1);
        CompletableFuture<CompletableFuture<Integer>> waiting = ByHand.elsewhere(() -> batcher.process(9));
        ByHand.await(() -> hand.time.alarms() > 0);

        batcher.reconfigure(options -> options.withMaxBatchWeight(4));
        batcher.resume();

        assertThat(ByHand.failure(waiting.get(10, SECONDS))).isInstanceOf(ItemTooHeavyException.class);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1));
    }

    @Test
    void aHigherLimitHoldsForTheNextBatch() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();
        submit(batcher, 4, 4);

        batcher.reconfigure(options -> options.withMaxBatchWeight(12));
        batcher.process(3);
        assertThat(hand.executor.waiting()).isZero();
        batcher.process(1);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(4, 4, 3, 1));
    }

    @Test
    void aHeavyItemDoesNotWaitForAPlace() {
        AsyncBatcher<Integer, Integer> batcher = limited(10)
                .maxQueueSize(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofDays(1))
                .build();
        batcher.pause();
        batcher.process(1);

        assertThat(ByHand.failure(batcher.process(11))).isInstanceOf(ItemTooHeavyException.class);
    }

    @Test
    void flushAndStopSendWhatIsLight() {
        AsyncBatcher<Integer, Integer> batcher = limited(10).build();
        submit(batcher, 1, 2);
        batcher.flush();
        hand.executor.runAll();
        submit(batcher, 3, 9, 3);

        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1, 2), List.of(3), List.of(9), List.of(3));
        assertThat(stopped).isCompleted();
    }

    @Test
    void thePartitionOfWhatComesBackTooHeavyIsForgotten() {
        List<WeakReference<Object>> keys = new ArrayList<>();
        AtomicReference<AsyncBatcher<Integer, Integer>> self = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    self.get().reconfigure(options -> options.withMaxBatchWeight(5));
                    return Outcome.retry(hand.busy);
                })
                .maxBatchWeight(10, item -> item)
                .partitionBy(item -> {
                    Object key = new Object();
                    keys.add(new WeakReference<>(key));
                    return key;
                })
                .build();
        self.set(batcher);

        for (int round = 0; round < 100; round++) {
            batcher.reconfigure(options -> options.withMaxBatchWeight(10));
            CompletableFuture<Integer> heavy = batcher.process(10);
            hand.executor.runAll();
            assertThat(ByHand.failure(heavy)).isInstanceOf(ItemTooHeavyException.class);
        }

        ByHand.await(() -> {
            System.gc();
            return keys.stream().filter(key -> key.get() != null).count() <= 16;
        });
        assertThat(batcher.stop(false)).isCompleted();
    }
}
