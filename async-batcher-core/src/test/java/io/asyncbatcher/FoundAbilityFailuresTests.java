package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncbatcher.internal.queue.RoundRobin;
import io.asyncbatcher.internal.thread.Alarm;
import io.asyncbatcher.testing.HandRunExecutor;
import io.asyncbatcher.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reading has found in weights, partitions, retries and the like, each in its smallest form. */
@Timeout(30)
class FoundAbilityFailuresTests {

    private static final class Poisoned extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final ByHand hand = new ByHand();

    private final AtomicBoolean first = new AtomicBoolean(true);

    /** Four items; the whole fails, and then every item asks for a retry after the delay. */
    private AsyncBatcher.Builder<Integer, Integer> halvedThenRetried(Duration delay) {
        return hand.outcomes(item -> {
                    if (first.compareAndSet(true, false)) {
                        throw new Poisoned();
                    }
                    return Outcome.retry(new Poisoned(), delay);
                })
                .maxBatchSize(4)
                .isolateFailures(Poisoned.class::isInstance);
    }

    // ---- 1: ends that are Again, of an earlier half ----

    @Test
    void anItemOfAnEarlierHalfThatAskedForARetryIsSettledByAForcedStop() {
        AsyncBatcher<Integer, Integer> batcher =
                halvedThenRetried(Duration.ZERO).build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext(); // all: fails
        hand.executor.runNext(); // first half: retry
        assertThat(batcher.stop(true)).isCompleted();
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void anItemOfAnEarlierHalfThatAskedForARetrySurvivesATimeout() {
        AsyncBatcher<Integer, Integer> batcher = halvedThenRetried(Duration.ZERO)
                .batchTimeout(Duration.ofMillis(50))
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext();
        hand.executor.runNext();
        hand.time.advanceMillis(60);
        hand.pass(Duration.ofMillis(500));
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void anItemOfAnEarlierHalfThatAskedForARetrySurvivesARejection() {
        AtomicBoolean reject = new AtomicBoolean();
        AsyncBatcher<Integer, Integer> batcher = halvedThenRetried(Duration.ZERO)
                .executor(task -> {
                    if (reject.get()) {
                        throw new RejectedExecutionException("test");
                    }
                    hand.executor.execute(task);
                })
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext();
        reject.set(true);
        hand.executor.runNext();
        reject.set(false);
        hand.pass(Duration.ofMillis(500));
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    // ---- 2: several deadlines due in one pump ----

    @Test
    void aGraceAndADelayDueTogetherEndTheStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new Poisoned(), Duration.ofMillis(20)))
                .maxQueueTime(Duration.ZERO)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        hand.executor.runAll();
        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(10));
        hand.time.skip(Duration.ofMillis(30));
        hand.time.advanceMillis(0);
        hand.pass(Duration.ofMillis(100));
        assertThat(future).isDone();
        assertThat(stopped).isDone();
        assertThat(batcher.snapshot().queued()).isZero();
    }

    @Test
    void aTimeoutAndADelayDueTogetherDispatchNothing() {
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new Poisoned(), Duration.ofMillis(20)))
                .maxQueueTime(Duration.ZERO)
                .build();
        CompletableFuture<Integer> future = batcher.process(1, Duration.ofMillis(15));
        hand.executor.runAll();
        hand.time.skip(Duration.ofMillis(30));
        hand.time.advanceMillis(0);
        assertThat(ByHand.failure(future)).isInstanceOf(ItemExpiredException.class);
        assertThat(hand.executor.waiting()).isZero();
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.snapshot().activeBatches()).isZero();
    }

    @Test
    void aGraceAndABatchTimeoutDueTogetherEndTheStop() {
        AsyncBatcher<Integer, Integer> batcher = hand.<Integer>builder(batch -> {
                    throw new Poisoned();
                })
                .batchTimeout(Duration.ofMillis(20))
                .maxBatchSize(4)
                .isolateFailures(Poisoned.class::isInstance)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 4);
        hand.executor.runNext(); // fails; the first half waits in the executor
        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(10));
        hand.time.skip(Duration.ofMillis(30));
        hand.time.advanceMillis(0);
        hand.pass(Duration.ofMillis(100));
        assertThat(futures).allMatch(CompletableFuture::isDone);
        assertThat(stopped).isDone();
        assertThat(batcher.snapshot().queued()).isZero();
    }

    // ---- 3: stamps ----

    @Test
    void aSlowBatchAfterQuickOnesMakesNobodyLingerLonger() {
        Deque<Long> slowness = new ArrayDeque<>(List.of(0L, 8L, 0L, 0L, 0L));
        List<Runnable> during = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    long millis = slowness.isEmpty() ? 0 : slowness.poll();
                    if (millis > 0) {
                        hand.time.advanceMillis(1);
                        during.forEach(Runnable::run);
                        hand.time.advanceMillis(millis - 1);
                    }
                    return ByHand.doubled(batch);
                })
                .build();
        ByHand.submit(batcher, 1, 5);
        hand.executor.runNext(); // quick
        ByHand.submit(batcher, 6, 10); // busy again
        ByHand.submit(batcher, 11, 11); // at 0
        during.add(() -> ByHand.submit(batcher, 12, 22)); // at 1
        hand.executor.runAll(); // 8 ms for the second batch
        assertThat(hand.batches).hasSize(4); // 11-15, 16-20 as well
        assertThat(batcher.snapshot().queued()).isEqualTo(2);
        hand.pass(Duration.ofMillis(3)); // it is 11 now, they came at 1
        assertThat(batcher.snapshot().queued()).isZero();
    }

    // ---- 4: stale ends of stages ----

    /** A stage that tells its dependents twice. */
    private static final class Twice extends CompletableFuture<List<Integer>> {
        private final List<BiConsumer<? super List<Integer>, ? super Throwable>> told = new ArrayList<>();

        @Override
        public CompletableFuture<List<Integer>> whenComplete(
                BiConsumer<? super List<Integer>, ? super Throwable> action) {
            told.add(action);
            return this;
        }
    }

    @Test
    void aStageOfAnEarlierHalfThatEndsTwiceDoesNotSwallowTheEndOfTheNext() {
        List<Twice> stages = new ArrayList<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>asyncBuilder(batch -> {
                    stages.add(new Twice());
                    return stages.get(stages.size() - 1);
                })
                .maxBatchSize(2)
                .isolateFailures(Poisoned.class::isInstance)
                .time(hand.time)
                .executor(hand.executor)
                .build();
        List<CompletableFuture<Integer>> futures = ByHand.submit(batcher, 1, 2);
        hand.executor.runAll();
        stages.get(0).told.get(0).accept(null, new Poisoned());
        hand.executor.runAll();
        stages.get(0).told.get(0).accept(null, new Poisoned()); // again
        stages.get(1).told.get(0).accept(List.of(1), null);
        hand.executor.runAll();
        assertThat(stages).hasSize(3);
        stages.get(2).told.get(0).accept(List.of(2), null);
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    // ---- 5: permissions ----

    /** Stops the thread that forces a stop between its decision and its doing, until another waits for the lock. */
    @Test
    void aHalvedBatchThatIsCutOnItsWayKeepsNoPermission() throws Exception {
        VirtualTime time = new VirtualTime();
        HandRunExecutor executor = new HandRunExecutor();
        AtomicReference<Thread> forcing = new AtomicReference<>();
        AtomicReference<Thread> running = new AtomicReference<>();
        CountDownLatch inLock = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        TimeSource slow = new TimeSource() {
            @Override
            public long nanoTime() {
                if (Thread.currentThread() == forcing.get()) {
                    forcing.set(null);
                    inLock.countDown();
                    Thread other = running.get();
                    while (other.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
                return time.nanoTime();
            }

            @Override
            public Alarm schedule(Runnable task, long delayNanos) {
                return time.schedule(task, delayNanos);
            }

            @Override
            public void offload(Runnable work) {
                time.offload(work);
            }
        };
        AtomicReference<CountDownLatch> wait = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    CountDownLatch latch = wait.get();
                    if (latch != null) {
                        begun.countDown();
                        while (latch.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        throw new Poisoned();
                    }
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(2)
                .isolateFailures(Poisoned.class::isInstance)
                .rateLimit(1, Duration.ofMillis(10))
                .time(slow)
                .executor(executor)
                .build();
        wait.set(inLock);
        ByHand.submit(batcher, 1, 2);
        CompletableFuture<Void> stopped = batcher.stop(Duration.ofMillis(5));
        Thread runner = new Thread(executor::runNext);
        running.set(runner);
        runner.start();
        ByHand.await(() -> begun.getCount() == 0);
        time.skip(Duration.ofMillis(6));
        Thread forcer = new Thread(batcher::flush);
        forcing.set(forcer);
        forcer.start();
        forcer.join(5000);
        runner.join(5000);
        assertThat(stopped).isCompleted();
        assertThat(batcher.snapshot().activeBatches() + batcher.snapshot().abandonedBatches())
                .isZero();

        wait.set(null);
        batcher.start();
        time.advanceMillis(100);
        executor.runAll();
        CompletableFuture<Integer> after = batcher.process(7);
        for (int i = 0; i < 100; i++) {
            time.advanceMillis(1);
            executor.runAll();
        }
        assertThat(field(field(field(field(field(batcher, "changes"), "dispatcher"), "slots"), "pace"), "handedOver"))
                .isEqualTo(0);
        assertThat(after).isCompletedWithValue(14);
    }

    @Test
    void aSlowListenerDoesNotBringCallsTogether() {
        List<Long> calls = new ArrayList<>();
        AtomicBoolean slow = new AtomicBoolean(true);
        AsyncBatcher<Integer, Integer> batcher = hand.builder(batch -> {
                    calls.add(hand.time.nanoTime());
                    return ByHand.doubled(batch);
                })
                .maxBatchSize(1)
                .concurrency(2)
                .rateLimit(1, Duration.ofMillis(20))
                .listener(new BatcherListener() {
                    @Override
                    public void onDispatched(String name, DispatchReason reason, long[] queueNanos) {
                        if (slow.compareAndSet(true, false)) {
                            hand.time.advanceMillis(15);
                        }
                    }
                })
                .build();
        ByHand.submit(batcher, 1, 2);
        hand.pass(Duration.ofMillis(100));
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1) - calls.get(0))
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    // ---- 6: close within what a caller's cancel runs ----

    @Test
    void closeInAContinuationOfACancelDoesNotDeadlock() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = hand.builder().build();
        CompletableFuture<Integer> future = batcher.process(1);
        CompletableFuture<Void> closed = future.handle((result, failure) -> {
            batcher.close();
            return null;
        });
        Thread canceller = new Thread(() -> future.cancel(false));
        canceller.setDaemon(true);
        canceller.start();
        closed.get(3, SECONDS);
    }

    @Test
    void closeInAListenerOfAnExpiryDoesNotDeadlock() throws Exception {
        AtomicReference<AsyncBatcher<Integer, Integer>> own = new AtomicReference<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        own.set(hand.builder()
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        own.get().close();
                        closed.complete(null);
                    }
                })
                .build());
        var unused = own.get().process(1, Duration.ofMillis(5));
        Thread timer = new Thread(() -> hand.time.advanceMillis(6));
        timer.setDaemon(true);
        timer.start();
        closed.get(3, SECONDS);
    }

    // ---- 7: two ends by the caller ----

    @Test
    void anItemThatIsEndedTwiceWhileItComesBackKeepsNoPlace() {
        AtomicBoolean once = new AtomicBoolean(true);
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(
                        item -> Outcome.retry(new Poisoned(), Duration.ofDays(1)))
                .maxQueueTime(Duration.ZERO)
                .listener(new BatcherListener() {
                    @Override
                    public void onSettled(String name, ItemOutcome outcome, long latencyNanos) {
                        if (once.compareAndSet(true, false)) {
                            hand.executor.runAll(); // another thread's work, in the middle of the cancel
                        }
                    }
                })
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        var unused = future.handle((result, failure) -> future.cancel(false));
        future.cancel(false);
        assertThat(future).isCancelled();
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(batcher.stop(false)).isCompleted();
    }

    // ---- 8: results that look like outcomes ----

    @Test
    void aPlainResultThatIsAnOutcomeIsNotRead() {
        AsyncBatcher<Integer, Outcome<Integer>> batcher = AsyncBatcher.<Integer, Outcome<Integer>>builder(
                        batch -> batch.stream()
                                .map(item -> Outcome.<Integer>failure(new Poisoned()))
                                .toList())
                .maxBatchSize(2)
                .deduplicate()
                .time(hand.time)
                .executor(hand.executor)
                .build();
        CompletableFuture<Outcome<Integer>> future = batcher.process(1);
        var unused = batcher.process(2);
        hand.executor.runAll();
        assertThat(future).isCompleted();
    }

    // ---- 9: partitions that are due while nothing can go ----

    @Test
    void cancelledItemsOfManyPartitionsLeaveNothingWhileNoSlotIsFree() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxQueueTime(Duration.ZERO)
                .partitionBy(item -> item)
                .build();
        batcher.pause();
        for (int i = 0; i < 1000; i++) {
            batcher.process(i).cancel(false);
        }
        assertThat(batcher.snapshot().queued()).isZero();
        assertThat(linesKept(batcher)).isLessThan(10);
    }

    private static int linesKept(AsyncBatcher<?, ?> batcher) throws ReflectiveOperationException {
        Object dispatcher = field(field(batcher, "changes"), "dispatcher");
        Object backlog = field(dispatcher, "backlog");
        return ((RoundRobin<?, ?>) field(field(dispatcher, "partitions"), "turns")).kept();
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        var field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    // ---- 10: blocked items ----

    @Test
    void theLingerOfAnItemThatWasBlockedBeganWithItsOwnCall() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = hand.builder()
                .maxQueueSize(5)
                .overflow(OverflowPolicy.BLOCK)
                .maxBlockTime(Duration.ofSeconds(10))
                .build();
        ByHand.submit(batcher, 1, 5); // in the slot
        ByHand.submit(batcher, 6, 10); // queued
        Thread blocked = new Thread(() -> batcher.process(11));
        blocked.start();
        ByHand.await(() -> blocked.getState() == Thread.State.WAITING);
        hand.time.advanceMillis(50);
        hand.executor.runAll();
        blocked.join();
        hand.executor.runAll();
        assertThat(hand.batches).hasSize(3);
    }

    // ---- 11: retried items and another linger ----

    @Test
    void anItemThatCameBackBeforeALingerWasSetDoesNotWaitForEver() {
        long[] now = {-Duration.ofHours(1).toNanos()};
        List<Runnable> alarms = new ArrayList<>();
        TimeSource negative = new TimeSource() {
            @Override
            public long nanoTime() {
                return now[0];
            }

            @Override
            public Alarm schedule(Runnable task, long delayNanos) {
                alarms.add(task);
                return () -> alarms.remove(task);
            }

            @Override
            public void offload(Runnable work) {
                work.run();
            }
        };
        AsyncBatcher<Integer, Integer> batcher = hand.outcomes(item ->
                        first.compareAndSet(true, false) ? Outcome.retry(new Poisoned()) : Outcome.success(2 * item))
                .maxQueueTime(Duration.ZERO)
                .time(negative)
                .build();
        CompletableFuture<Integer> future = batcher.process(1);
        batcher.reconfigure(options -> options.withMaxQueueTime(ByHand.LINGER));
        hand.executor.runAll();
        for (int i = 0; i < 100; i++) {
            now[0] += Duration.ofMillis(1).toNanos();
            List.copyOf(alarms).forEach(Runnable::run);
            hand.executor.runAll();
        }
        assertThat(future).isCompletedWithValue(2);
    }
}
