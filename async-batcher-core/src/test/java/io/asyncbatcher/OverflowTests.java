package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A full queue: rejected at once, or waited for. */
class OverflowTests {

    private final ByHand hand = new ByHand();

    private AsyncBatcher.Builder<Integer, Integer> blocking() {
        return hand.builder()
                .maxBatchSize(1)
                .maxQueueSize(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofSeconds(30));
    }

    /** Takes the only slot and the only place. */
    private static void fill(AsyncBatcher<Integer, Integer> batcher) {
        batcher.process(-1);
        batcher.process(-2);
    }

    private record Producer(Thread thread, CompletableFuture<CompletableFuture<Integer>> returned) {

        static Producer start(Supplier<CompletableFuture<Integer>> call) {
            CompletableFuture<CompletableFuture<Integer>> returned = new CompletableFuture<>();
            Thread thread = new Thread(() -> returned.complete(call.get()));
            thread.start();
            ByHand.await(() -> returned.isDone()
                    || thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING);
            return new Producer(thread, returned);
        }
    }

    @Test
    @DisplayName("Promise 6: bounded by default")
    void theQueueIsBoundedByDefault() {
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .executor(hand.executor)
                .build();

        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 10_100);

        assertThat(futures).noneMatch(CompletableFuture::isDone);
        assertThat(batcher.process(0)).isCompletedExceptionally();
        assertThat(batcher.snapshot().queued()).isEqualTo(10_000);
    }

    @Test
    void aRejectedItemIsNotAcceptedAndSaysSo() {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().overflow(OverflowPolicy.REJECT).build();
        fill(batcher);

        CompletableFuture<Integer> rejected = batcher.process(1);
        CompletableFuture<Integer> timed = batcher.process(2, Duration.ofSeconds(1));

        assertThat(ByHand.failure(rejected))
                .isInstanceOfSatisfying(
                        QueueFullException.class,
                        full -> assertThat(full.mayHaveRun()).isFalse());
        assertThat(ByHand.failure(timed)).isInstanceOf(QueueFullException.class);
        assertThat(batcher.snapshot().rejections().get(RejectionReason.FULL)).isEqualTo(2);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(-1), List.of(-2));
    }

    @Test
    void aBlockedThreadGoesOnWhenAPlaceIsFree() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        fill(batcher);
        Producer producer = Producer.start(() -> batcher.process(1));
        assertThat(producer.returned).isNotDone();

        hand.executor.runNext();

        CompletableFuture<Integer> future = producer.returned.get(10, SECONDS);
        hand.executor.runAll();
        assertThat(future).isCompletedWithValue(2);
    }

    @Test
    void aBlockedThreadIsRejectedWhenMaxBlockTimeIsOver() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().maxBlockTime(Duration.ofMillis(50)).build();
        fill(batcher);
        Producer producer = Producer.start(() -> batcher.process(1));
        hand.time.advanceMillis(49);
        assertThat(producer.returned).isNotDone();

        hand.time.advanceMillis(1);

        CompletableFuture<Integer> future = producer.returned.get(10, SECONDS);
        assertThat(ByHand.failure(future)).isInstanceOf(QueueFullException.class);
        assertThat(batcher.snapshot().queued()).isEqualTo(1);
        assertThat(batcher.snapshot().rejections()).containsEntry(RejectionReason.FULL, 1L);
    }

    @Test
    @DisplayName("In the corners: under BLOCK the earlier bound wins")
    void theItemsOwnTimeoutEndsTheWaitIfItIsEarlier() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().maxBlockTime(Duration.ofMillis(50)).build();
        fill(batcher);
        Producer shorter = Producer.start(() -> batcher.process(1, Duration.ofMillis(20)));
        Producer longer = Producer.start(() -> batcher.process(2, Duration.ofMillis(80)));

        hand.time.advanceMillis(20);
        assertThat(ByHand.failure(shorter.returned.get(10, SECONDS)))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isFalse());
        assertThat(longer.returned).isNotDone();
        hand.time.advanceMillis(30);

        assertThat(ByHand.failure(longer.returned.get(10, SECONDS))).isInstanceOf(QueueFullException.class);
    }

    @Test
    void anItemsTimeoutCountsTheTimeThatItsThreadWasBlocked() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        fill(batcher);
        Producer producer = Producer.start(() -> batcher.process(1, Duration.ofMillis(20)));
        hand.time.advanceMillis(15);
        hand.executor.runNext();
        CompletableFuture<Integer> future = producer.returned.get(10, SECONDS);

        hand.time.advanceMillis(5);

        assertThat(ByHand.failure(future)).isInstanceOf(ItemExpiredException.class);
    }

    @Test
    void theLingerOfAnItemCountsTheTimeThatItsThreadWasBlocked() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().maxBatchSize(5).maxQueueSize(5).build();
        ByHand.submit(batcher, 1, 5); // in the slot
        ByHand.submit(batcher, 6, 10); // queued
        Producer producer = Producer.start(() -> batcher.process(11));
        hand.time.advanceMillis(50);

        hand.executor.runAll();
        producer.returned.get(10, SECONDS);
        hand.executor.runAll();

        assertThat(hand.batches).last().isEqualTo(List.of(11));
    }

    @Test
    @DisplayName("In the corners: BLOCK interrupted gives QueueFullException, the flag restored")
    void anInterruptRejectsAndTheFlagIsRestored() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        fill(batcher);
        boolean[] flag = new boolean[1];
        Producer producer = Producer.start(() -> {
            CompletableFuture<Integer> future = batcher.process(1);
            flag[0] = Thread.currentThread().isInterrupted();
            return future;
        });

        producer.thread.interrupt();

        assertThat(ByHand.failure(producer.returned.get(10, SECONDS))).isInstanceOf(QueueFullException.class);
        assertThat(flag[0]).isTrue();
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(-1), List.of(-2));
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    @DisplayName("In the corners: on a thread that runs this batcher's own processor, BLOCK acts as REJECT")
    void theOwnProcessorIsNeverBlocked() {
        List<CompletableFuture<Integer>> inner = new ArrayList<>();
        List<AsyncBatcher<Integer, Integer>> self = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        inner.add(self.get(0).process(8));
                        inner.add(self.get(0).process(9));
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .maxQueueSize(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofDays(1))
                .build();
        self.add(batcher);

        batcher.process(1);
        hand.executor.runAll();

        assertThat(inner.get(0)).isCompletedWithValue(8);
        assertThat(ByHand.failure(inner.get(1))).isInstanceOf(QueueFullException.class);
    }

    @Tag("volume")
    @Test
    void fiftyBlockedThreadsGoOnOneForEachPlaceInTheirOrder() {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        fill(batcher);
        List<Producer> producers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int item = i;
            producers.add(Producer.start(() -> batcher.process(item)));
        }

        for (int freed = 1; freed <= 50; freed++) {
            int expected = freed;
            hand.executor.runNext();
            ByHand.await(() ->
                    producers.stream().filter(each -> each.returned.isDone()).count() >= expected);
            assertThat(producers.stream().filter(each -> each.returned.isDone()))
                    .hasSize(freed);
            assertThat(batcher.snapshot().queued()).isEqualTo(1);
        }
        hand.executor.runAll();

        assertThat(producers).extracting(each -> each.returned.join().join()).hasSize(50);
        assertThat(hand.batches.stream().flatMap(List::stream).toList())
                .startsWith(-1, -2, 0, 1, 2)
                .hasSize(52)
                .satisfies(items -> assertThat(items.subList(2, 52)).isSorted());
    }

    @Test
    void aBatchThatLeavesLetsOneBlockedThreadGoOnForEachOfItsItems() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().maxBatchSize(5).maxQueueSize(5).build();
        ByHand.submit(batcher, 1, 5); // in the slot
        ByHand.submit(batcher, 6, 10); // queued
        List<Producer> producers = new ArrayList<>();
        for (int i = 11; i <= 16; i++) {
            int item = i;
            producers.add(Producer.start(() -> batcher.process(item)));
        }

        hand.executor.runNext();

        for (Producer producer : producers.subList(0, 5)) {
            producer.returned.get(10, SECONDS);
        }
        assertThat(producers.get(5).returned).isNotDone();
        hand.executor.runAll();
        assertThat(producers.get(5).returned.get(10, SECONDS)).isNotDone();
        assertThat(hand.batches).last().isEqualTo(List.of(11, 12, 13, 14, 15));
    }

    @Test
    void aThreadThatHasGivenUpTakesNoPlaceLater() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().maxBlockTime(Duration.ofMillis(50)).build();
        fill(batcher);
        Producer producer = Producer.start(() -> batcher.process(1));
        hand.time.advanceMillis(50);
        assertThat(producer.returned.get(10, SECONDS)).isCompletedExceptionally();

        hand.executor.runNext();

        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(hand.executor.waiting()).isEqualTo(1);
        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(-1), List.of(-2));
        assertThat(batcher.snapshot().dispatches().get(DispatchReason.FULL)).isEqualTo(2);
    }

    @Test
    void fiftyBlockedThreadsAreWokenAndRejectedByAStop() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        fill(batcher);
        List<Producer> producers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            producers.add(Producer.start(() -> batcher.process(0)));
        }

        CompletableFuture<Void> stopped = batcher.stop(false);

        for (Producer producer : producers) {
            assertThat(ByHand.failure(producer.returned.get(10, SECONDS)))
                    .isInstanceOfSatisfying(
                            BatcherStoppedException.class,
                            rejected -> assertThat(rejected.mayHaveRun()).isFalse());
        }
        hand.executor.runAll();
        assertThat(stopped).isCompleted();
        assertThat(hand.batches).containsExactly(List.of(-1), List.of(-2));
        assertThat(batcher.snapshot().rejections()).containsEntry(RejectionReason.STOPPED, 50L);
    }

    @Test
    void aCancelledQueuedItemLetsOneBlockedThreadGoOn() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        batcher.process(-1);
        CompletableFuture<Integer> queued = batcher.process(-2);
        Producer first = Producer.start(() -> batcher.process(1));
        Producer second = Producer.start(() -> batcher.process(2));

        queued.cancel(false);

        first.returned.get(10, SECONDS);
        assertThat(second.returned).isNotDone();
        batcher.stop(true);
        assertThat(ByHand.failure(second.returned.get(10, SECONDS))).isInstanceOf(BatcherStoppedException.class);
    }

    @Test
    void aHigherLimitLetsBlockedThreadsGoOn() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = blocking().build();
        fill(batcher);
        Producer producer = Producer.start(() -> batcher.process(1));

        batcher.reconfigure(options -> options.withMaxQueueSize(2));

        producer.returned.get(10, SECONDS);
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
    }

    @Test
    void aBlockedThreadGoesOnWhereALingerIsSwitchedOn() throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                blocking().maxQueueTime(Duration.ZERO).build();
        fill(batcher);
        Producer producer = Producer.start(() -> batcher.process(1));

        batcher.reconfigure(options -> options.withMaxQueueTime(ByHand.LINGER).withMaxQueueSize(2));

        assertThat(producer.returned.get(10, SECONDS)).isNotDone();
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
    }

    @Tag("volume")
    @Test
    void blockedProducersOnRealThreadsLoseAndDoubleNothing() throws Exception {
        ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    seen.addAll(batch);
                    return batch;
                })
                .maxBatchSize(10)
                .maxQueueSize(5)
                .concurrency(2)
                .maxQueueTime(Duration.ZERO)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofSeconds(30))
                .build();
        CountDownLatch done = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            int first = i * 200;
            new Thread(() -> {
                        for (int item = first; item < first + 200; item++) {
                            batcher.process(item);
                        }
                        done.countDown();
                    })
                    .start();
        }

        assertThat(done.await(30, SECONDS)).isTrue();
        batcher.stop(false).get(30, SECONDS);
        assertThat(seen).hasSize(10_000).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("In the corners: under BLOCK the earlier bound wins, be it maxBlockTime or itemTimeout")
    void theItemTimeoutOfTheBatcherEndsTheWaitIfItIsEarlier() throws Exception {
        AsyncBatcher<Integer, Integer> shorter = blocking()
                .maxBlockTime(Duration.ofMillis(50))
                .itemTimeout(Duration.ofMillis(20))
                .build();
        AsyncBatcher<Integer, Integer> longer = blocking()
                .maxBlockTime(Duration.ofMillis(50))
                .itemTimeout(Duration.ofMillis(80))
                .build();
        fill(shorter);
        fill(longer);
        Producer expiring = Producer.start(() -> shorter.process(1));
        Producer rejected = Producer.start(() -> longer.process(1));

        hand.time.advanceMillis(20);
        assertThat(ByHand.failure(expiring.returned.get(10, SECONDS)))
                .isInstanceOfSatisfying(
                        ItemExpiredException.class,
                        expired -> assertThat(expired.mayHaveRun()).isFalse());
        assertThat(rejected.returned).isNotDone();
        hand.time.advanceMillis(30);

        assertThat(ByHand.failure(rejected.returned.get(10, SECONDS))).isInstanceOf(QueueFullException.class);
    }

    @Test
    void aListenerThatWaitsForRoomRunsWhatItsThreadHasPutAside() throws Exception {
        AtomicReference<AsyncBatcher<Integer, Integer>> self = new AtomicReference<>();
        List<CompletableFuture<Integer>> more = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    if (batch.contains(1)) {
                        more.add(self.get().process(3)); // 2 and 3 are queued
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(1)
                .maxQueueSize(2)
                .concurrency(1)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofDays(1))
                .executor(Runnable::run)
                .listener(new BatcherListener() {
                    @Override
                    public void onFinished(String name, BatchOutcome outcome, int size, long durationNanos) {
                        if (more.size() == 1) { // 2 is put aside, and 3 is queued
                            more.add(self.get().process(4));
                            more.add(self.get().process(5)); // has to wait
                        }
                    }
                })
                .build();
        self.set(batcher);
        batcher.pause();
        ByHand.submit(batcher, 1, 2);

        ByHand.elsewhere(() -> {
                    batcher.resume();
                    return true;
                })
                .get(10, SECONDS);

        assertThat(more).extracting(CompletableFuture::join).containsExactly(6, 8, 10);
    }
}
