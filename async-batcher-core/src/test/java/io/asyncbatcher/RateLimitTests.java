package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** So many calls of the processor in any sliding window. */
@Timeout(60)
class RateLimitTests {

    private static final Duration WINDOW = Duration.ofMillis(100);
    private final ByHand hand = new ByHand();
    private final long start = hand.time.nanoTime();

    /** When the processor was called. */
    private final List<Long> calls = new ArrayList<>();

    private List<Integer> timed(List<Integer> batch) {
        calls.add(hand.time.nanoTime() - start);
        return ByHand.doubled(batch);
    }

    private AsyncBatcher.Builder<Integer, Integer> limited(int batches) {
        return hand.builder(this::timed)
                .rateLimit(batches, WINDOW)
                .maxBatchSize(1)
                .concurrency(-1);
    }

    private List<Long> callMillis() {
        return calls.stream().map(nanos -> nanos / 1_000_000).toList();
    }

    private void assertNoWindowHasMoreThan(int batches) {
        for (int i = batches; i < calls.size(); i++) {
            assertThat(calls.get(i) - calls.get(i - batches))
                    .as("call %d of %s", i, calls)
                    .isGreaterThanOrEqualTo(WINDOW.toNanos());
        }
    }

    @Test
    void noMoreThanTheLimitAreCalledInAWindow() {
        AsyncBatcher<Integer, Integer> batcher = limited(2).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 5);

        hand.executor.runAll();
        assertThat(calls).hasSize(2);
        hand.time.advance(WINDOW.minusNanos(1));
        assertThat(hand.executor.waiting()).isZero();
        hand.pass(WINDOW.multipliedBy(3));

        assertThat(calls).hasSize(5);
        assertNoWindowHasMoreThan(2);
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(2, 4, 6, 8, 10);
    }

    @Test
    void theWindowSlides() {
        AsyncBatcher<Integer, Integer> batcher = limited(2).build();
        batcher.process(1);
        hand.pass(Duration.ofMillis(60));
        ByHand.submit(batcher, 2, 4);

        hand.pass(Duration.ofMillis(101));

        assertThat(callMillis()).hasSize(4).startsWith(0L, 60L);
        assertThat(callMillis().get(2)).isBetween(100L, 101L);
        assertThat(callMillis().get(3)).isBetween(160L, 161L);
    }

    @Test
    void aWindowOfSecondsIsWaitedFor() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(1).rateLimit(1, Duration.ofSeconds(5)).build();
        ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();

        hand.time.advance(Duration.ofSeconds(5));
        hand.executor.runAll();

        assertThat(callMillis()).containsExactly(0L, 5_000L);
    }

    @Test
    void whileItWaitsBatchesGrow() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(1).maxBatchSize(5).maxQueueTime(Duration.ZERO).build();
        for (int item = 0; item < 8; item++) {
            batcher.process(item);
            hand.pass(Duration.ofMillis(10));
        }
        assertThat(hand.batches).containsExactly(List.of(0));

        hand.pass(Duration.ofMillis(130));

        assertThat(hand.batches).containsExactly(List.of(0), List.of(1, 2, 3, 4, 5), List.of(6, 7));
    }

    @Test
    void anIdleTimeIsNotSavedUp() {
        AsyncBatcher<Integer, Integer> batcher = limited(3).build();
        hand.pass(WINDOW.multipliedBy(5));
        ByHand.submit(batcher, 1, 12);

        hand.executor.runAll();
        assertThat(calls).hasSize(3);
        hand.pass(Duration.ofMillis(350));

        assertThat(calls).hasSize(12);
        assertNoWindowHasMoreThan(3);
    }

    @Test
    void anExecutorThatIsLateDoesNotBunchCalls() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        ByHand.submit(batcher, 1, 3);

        hand.time.advanceMillis(90);
        for (int i = 0; i < 400; i++) {
            hand.executor.runAll();
            hand.time.advanceMillis(1);
        }

        assertThat(calls).hasSize(3);
        assertNoWindowHasMoreThan(1);
    }

    @Test
    void aSlowListenerDoesNotBringCallsTogether() {
        AtomicBoolean slow = new AtomicBoolean(true);
        AsyncBatcher<Integer, Integer> batcher = limited(1)
                .listener(new BatcherListener() {
                    @Override
                    public void onDispatched(String name, DispatchReason reason, long[] queueNanos) {
                        if (slow.compareAndSet(true, false)) {
                            hand.time.advanceMillis(75);
                        }
                    }
                })
                .build();

        ByHand.submit(batcher, 1, 2);
        hand.pass(WINDOW.multipliedBy(5));

        assertThat(calls).hasSize(2);
        assertNoWindowHasMoreThan(1);
    }

    @Test
    void retriesCount() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item -> {
                    calls.add(hand.time.nanoTime() - start);
                    return Outcome.retry(new IOException());
                })
                .maxBatchSize(1)
                .rateLimit(2, WINDOW)
                .maxAttempts(7)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);

        hand.pass(Duration.ofMillis(310));

        assertThat(calls).hasSize(7);
        assertNoWindowHasMoreThan(2);
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void halvingsCount() {
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    timed(batch);
                    if (batch.contains(3)) {
                        throw new IllegalStateException();
                    }
                    return ByHand.doubled(batch);
                })
                .rateLimit(2, WINDOW)
                .maxBatchSize(8)
                .isolateFailures(failure -> true)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 8);

        hand.pass(Duration.ofMillis(410));

        assertNoWindowHasMoreThan(2);
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(futures.get(2)).isCompletedExceptionally();
        assertThat(futures.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(1);
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void whoeverIsToldToSlowDownHasCalled() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    timed(batch);
                    if (calls.size() < 4) {
                        throw new RateLimitedException(Duration.ofMillis(10));
                    }
                    return batch;
                })
                .rateLimit(2, WINDOW)
                .maxBatchSize(1)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);

        hand.pass(Duration.ofMillis(210));

        assertNoWindowHasMoreThan(2);
        assertThat(future).isCompletedWithValue(1);
    }

    @Test
    void flushAndAGracefulStopKeepIt() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 3);

        batcher.flush();
        CompletableFuture<Void> stopped = batcher.stop(false);
        hand.executor.runAll();
        assertThat(calls).hasSize(1);
        assertThat(stopped).isNotDone();
        hand.pass(Duration.ofMillis(210));

        assertThat(calls).hasSize(3);
        assertNoWindowHasMoreThan(1);
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(stopped).isCompleted();
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aForcedStopDoesNotWaitForIt() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 3);
        hand.executor.runAll();

        assertThat(batcher.stop(true)).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(hand.time.alarms()).isZero();
    }

    /**
     * A grace is over when a batch has just failed: the thread that forces the stop has the lock, and goes on when the
     * thread with the batch waits for it.
     */
    @Test
    void aHalvedBatchThatAForcedStopCutsKeepsNoPermission() throws Exception {
        AtomicReference<Thread> running = new AtomicReference<>();
        AtomicReference<Thread> forcing = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        TimeSource slow = new ForwardingTime(hand.time) {
            @Override
            public long nanoTime() {
                if (forcing.compareAndSet(Thread.currentThread(), null)) {
                    locked.countDown();
                    while (running.get().getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
                return super.nanoTime();
            }
        };
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    timed(batch);
                    if (batch.contains(1)) {
                        begun.countDown();
                        while (locked.getCount() > 0) {
                            Thread.onSpinWait(); // waiting would be taken for waiting for the lock
                        }
                        throw new Poisoned(batch);
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(2)
                .isolateFailures(Poisoned.class::isInstance)
                .rateLimit(1, WINDOW)
                .time(slow)
                .build();
        ByHand.submit(batcher, 1, 2);
        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(5));
        running.set(new Thread(hand.executor::runNext));
        running.get().start();
        assertThat(begun.await(10, SECONDS)).isTrue();
        hand.time.skip(Duration.ofMillis(6));
        Thread forcer = new Thread(batcher::flush);
        forcing.set(forcer);
        forcer.start();
        forcer.join(10_000);
        running.get().join(10_000);
        assertThat(stopped).isCompleted();
        assertThat(batcher.snapshot().activeBatches() + batcher.snapshot().abandonedBatches())
                .isZero();

        batcher.start();
        hand.pass(WINDOW);
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 3, 6);
        hand.pass(WINDOW.multipliedBy(2));

        assertThat(futures).extracting(future -> future.getNow(null)).containsExactly(6, 8, 10, 12);
        assertThat(calls).hasSize(3);
        assertNoWindowHasMoreThan(1);
    }

    @Test
    void itemsExpireWhileItWaits() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        batcher.process(1);
        CompletableFuture<Integer> impatient = batcher.process(2, Duration.ofMillis(50));
        hand.pass(Duration.ofMillis(50));

        assertThat(ByHand.failure(impatient)).isInstanceOf(ItemExpiredException.class);
        hand.pass(Duration.ofMillis(100));
        assertThat(hand.batches).containsExactly(List.of(1));
    }

    @Test
    void partitionsShareItAndTakeTurns() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(1).partitionBy(item -> item / 100).build();
        for (int item : new int[] {1, 2, 3, 101, 102, 201}) {
            batcher.process(item);
        }

        hand.pass(Duration.ofMillis(510));

        assertThat(calls).hasSize(6);
        assertNoWindowHasMoreThan(1);
        assertThat(hand.batches.subList(1, 4))
                .extracting(batch -> batch.get(0) / 100)
                .containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void withoutItWhatWaitedGoesAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        ByHand.submit(batcher, 1, 4);
        hand.executor.runAll();

        batcher.reconfigure(options -> options.withRateLimit(null));
        hand.executor.runAll();

        assertThat(calls).hasSize(4);
    }

    @Test
    void aHigherLimitHoldsAtOnce() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        ByHand.submit(batcher, 1, 9);
        hand.executor.runAll();

        batcher.reconfigure(options -> options.withRateLimit(3, WINDOW));
        hand.pass(Duration.ofMillis(310));

        assertThat(calls).hasSize(9);
        assertNoWindowHasMoreThan(3);
        assertThat(callMillis().get(2)).isLessThan(WINDOW.toMillis());
    }

    @Test
    void theLongestWindowIsNoProblem() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(1).rateLimit(2, Duration.ofSeconds(Long.MAX_VALUE)).build();
        ByHand.submit(batcher, 1, 3);
        hand.executor.runAll();
        hand.time.advance(Duration.ofDays(100));

        assertThat(hand.executor.waiting()).isZero();
        assertThat(calls).hasSize(2);
        assertThat(batcher.stop(true)).isCompleted();
    }

    @Test
    void whateverHappensNoWindowHasMore() {
        for (long seed = 0; seed < 40; seed++) {
            new RateLimitTests().random(new Random(seed));
        }
    }

    private void random(Random random) {
        int limit = 1 + random.nextInt(4);
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    timed(batch);
                    switch (random.nextInt(6)) {
                        case 0 -> throw new IllegalStateException();
                        case 1 -> throw new RateLimitedException(Duration.ofMillis(random.nextInt(150)));
                        case 2 -> hand.time.advanceMillis(random.nextInt(30));
                        default -> {}
                    }
                    return ByHand.doubled(batch);
                })
                .rateLimit(limit, WINDOW)
                .maxBatchSize(1 + random.nextInt(5))
                .concurrency(1 + random.nextInt(3))
                .partitionBy(item -> item % 3)
                .isolateFailures(failure -> true)
                .build();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();

        for (int item = 0; item < 100; item++) {
            futures.add(batcher.process(item));
            if (random.nextInt(4) == 0) {
                futures.get(random.nextInt(futures.size())).cancel(false);
            }
            if (random.nextInt(3) == 0) {
                hand.pass(Duration.ofMillis(random.nextInt(60)));
            }
            if (random.nextInt(10) == 0) {
                batcher.flush();
            }
        }
        CompletableFuture<Void> stopped = batcher.stop(false);
        for (int i = 0; i < 60_000 && !stopped.isDone(); i++) {
            hand.pass(Duration.ofMillis(1));
        }

        assertNoWindowHasMoreThan(limit);
        assertThat(stopped).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aBatchOfCancelledItemsTakesNoPermission() {
        AsyncBatcher<Integer, Integer> batcher = limited(1).build();
        batcher.process(1).cancel(false);
        hand.executor.runAll();

        batcher.process(2);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(2));
    }

    @Test
    void aBatchThatIsGivenUpBeforeItsCallTakesNoPermission() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(1).batchTimeout(Duration.ofMillis(10)).build();
        CompletableFuture<Integer> givenUp = batcher.process(1);
        batcher.process(2);
        hand.time.advanceMillis(10);

        hand.executor.runAll();

        assertThat(givenUp).isCompletedExceptionally();
        assertThat(hand.batches).containsExactly(List.of(2));
    }

    @Test
    void aBatchThatTheExecutorRejectsTakesNoPermission() {
        boolean[] rejects = {true};
        AsyncBatcher<Integer, Integer> batcher = limited(1)
                .executor(task -> {
                    if (rejects[0]) {
                        throw new RejectedExecutionException();
                    }
                    task.run();
                })
                .build();
        CompletableFuture<Integer> rejected = batcher.process(1);
        rejects[0] = false;

        batcher.process(2);

        assertThat(rejected).isCompletedExceptionally();
        assertThat(hand.batches).containsExactly(List.of(2));
    }

    @Test
    void aBatchThatWasHandedOverBeforeThereWasALimitCountsWhenItBegins() {
        AsyncBatcher<Integer, Integer> batcher =
                hand.builder().maxBatchSize(1).concurrency(1).build();
        batcher.process(1);
        batcher.reconfigure(options -> options.withRateLimit(1, Duration.ofMillis(10)));
        batcher.process(2);

        hand.executor.runAll();
        assertThat(hand.batches).containsExactly(List.of(1));
        hand.time.advanceMillis(10);
        hand.executor.runAll();

        assertThat(hand.batches).containsExactly(List.of(1), List.of(2));
        assertThat(batcher.stop(false)).isCompleted();
    }

    @Test
    void whereNothingWaitsForTheRateNoAlarmIsSet() {
        AsyncBatcher<Integer, Integer> batcher =
                limited(1).maxBatchSize(1).maxQueueTime(Duration.ZERO).build();

        batcher.process(1);
        hand.executor.runAll();

        assertThat(hand.batches).hasSize(1);
        assertThat(hand.time.alarms()).isZero();
    }

    @Test
    void aCallThatRunsWhenALimitComesDoesNotCount() {
        AtomicReference<AsyncBatcher<Integer, Integer>> own = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    if (batch.contains(1)) {
                        own.get().reconfigure(options -> options.withRateLimit(1, Duration.ofMillis(10)));
                        own.get().process(2);
                        assertThat(hand.executor.waiting()).isEqualTo(1);
                    }
                    return batch;
                })
                .maxBatchSize(1)
                .concurrency(2)
                .build();
        own.set(batcher);

        CompletableFuture<Integer> first = batcher.process(1);
        hand.executor.runAll();

        assertThat(first).isCompletedWithValue(1);
        assertThat(hand.batches).containsExactly(List.of(1), List.of(2));
    }
}
