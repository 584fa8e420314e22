package io.asyncbatcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Continuations that block or throw, and the locks that they must not find. */
@Timeout(30)
class ContinuationTests {

    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void open() {
        gate.countDown();
    }

    private void block() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AsyncBatcher.Builder<Integer, Integer> builder() {
        return AsyncBatcher.<Integer, Integer>builder(batch -> batch)
                .maxBatchSize(2)
                .maxQueueTime(Duration.ofMillis(1));
    }

    /** Calls everything that takes the engine's lock, from another thread. */
    private static void assertUnlocked(AsyncBatcher<Integer, Integer> batcher) throws Exception {
        CompletableFuture<Void> calls = CompletableFuture.runAsync(() -> {
            batcher.process(100).cancel(false);
            batcher.process(101, Duration.ofSeconds(1)).cancel(false);
            batcher.flush();
            batcher.pause();
            batcher.resume();
            batcher.reconfigure(options -> options);
            batcher.snapshot();
            batcher.isRunning();
            batcher.options();
        });
        calls.get(10, SECONDS);
    }

    @Test
    @DisplayName("Promise 7: a continuation that blocks delays its batch-mates and nobody else")
    void aBlockingContinuationDelaysNoOtherBatch() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CountDownLatch blocked = new CountDownLatch(1);
        batcher.pause(); // until the continuation is there
        batcher.process(1).thenRun(() -> {
            blocked.countDown();
            block();
        });
        batcher.process(2);
        batcher.resume();
        assertThat(blocked.await(10, SECONDS)).isTrue();

        for (int item = 3; item < 100; item++) {
            assertThat(batcher.process(item).get(10, SECONDS)).isEqualTo(item);
        }
        assertUnlocked(batcher);
    }

    private static void unchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("Promise 1: whatever a continuation throws, every item is settled")
    void aContinuationThatThrowsTouchesNobody() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CompletableFuture<Integer> first = batcher.process(1);
        CompletableFuture<Void> thrown = first.thenRun(() -> {
            throw new StackOverflowError();
        });
        CompletableFuture<Integer> second = batcher.process(2);

        assertThat(second.get(10, SECONDS)).isEqualTo(2);
        assertThat(thrown.handle((result, failure) -> failure).get(10, SECONDS))
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(batcher.process(3).get(10, SECONDS)).isEqualTo(3);
        batcher.stop(false).get(10, SECONDS);
    }

    @Test
    @DisplayName("Promise 7: no lock is held while the processor runs")
    void noLockIsHeldWhileTheProcessorRuns() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    entered.countDown();
                    block();
                    return batch;
                })
                .maxBatchSize(1)
                .build();
        CompletableFuture<Integer> inFlight = batcher.process(1);
        assertThat(entered.await(10, SECONDS)).isTrue();

        assertUnlocked(batcher);
        inFlight.cancel(true);
        assertThat(batcher.snapshot().inFlight()).isZero();
        batcher.stop(true).get(10, SECONDS);
    }

    @Test
    @DisplayName("Promise 7: no lock is held while a listener runs")
    void noLockIsHeldWhileAListenerRuns() throws Exception {
        for (int event = 0; event < 4; event++) {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            AsyncBatcher<Integer, Integer> batcher = builder()
                    .maxBatchSize(1)
                    .maxQueueSize(1)
                    .listener(new BlockingAt(event, entered, leave))
                    .build();
            Thread submitting = new Thread(() -> {
                batcher.pause();
                batcher.process(1);
                batcher.process(2);
                batcher.resume();
            });
            submitting.start();
            assertThat(entered.await(10, SECONDS)).isTrue();

            CompletableFuture.runAsync(() -> {
                        batcher.snapshot();
                        batcher.flush();
                        batcher.pause();
                        batcher.resume();
                    })
                    .get(10, SECONDS);
            leave.countDown();
            submitting.join();
            batcher.stop(false).get(10, SECONDS);
        }
    }

    private record BlockingAt(int event, CountDownLatch entered, CountDownLatch leave) implements BatcherListener {

        private void at(int here) {
            if (here == event && entered.getCount() > 0) {
                entered.countDown();
                unchecked(leave);
            }
        }

        @Override
        public void onRejected(String batcher, RejectionReason reason) {
            at(0);
        }

        @Override
        public void onDispatched(String batcher, DispatchReason reason, long[] queueNanos) {
            at(1);
        }

        @Override
        public void onFinished(String batcher, BatchOutcome outcome, int size, long durationNanos) {
            at(2);
        }

        @Override
        public void onSettled(String batcher, ItemOutcome outcome, long latencyNanos) {
            at(3);
        }
    }

    /** The system's time, which stands still until a moment. */
    private record TimeFrom(CompletableFuture<Void> moment) implements TimeSource {

        private static final long BEGIN = System.nanoTime();

        @Override
        public long nanoTime() {
            return moment.isDone() ? System.nanoTime() - BEGIN : 0;
        }

        @Override
        public Alarm schedule(Runnable task, long delayNanos) {
            CompletableFuture<Alarm> alarm =
                    moment.thenApply(now -> TimeSource.system().schedule(task, delayNanos));
            return () -> alarm.thenAccept(Alarm::cancel);
        }
    }

    @Test
    @DisplayName("Promise 7: the timer never runs a continuation, so one that blocks delays no other alarm")
    void expiryRunsContinuationsOffTheTimer() throws Exception {
        CompletableFuture<Void> continued = new CompletableFuture<>();
        AsyncBatcher<Integer, Integer> batcher =
                builder().time(new TimeFrom(continued)).build();
        batcher.pause();
        AtomicReference<String> thread = new AtomicReference<>();
        CountDownLatch entered = new CountDownLatch(1);
        batcher.process(1, Duration.ofMillis(1)).whenComplete((result, failure) -> {
            thread.set(Thread.currentThread().getName());
            entered.countDown();
            block();
        });
        continued.complete(null);
        assertThat(entered.await(10, SECONDS)).isTrue();

        CompletableFuture<Integer> other = batcher.process(2, Duration.ofMillis(1));
        assertThat(other.handle((result, failure) -> failure).get(10, SECONDS))
                .isInstanceOf(ItemExpiredException.class);
        assertThat(thread.get()).doesNotContain("timer");
    }

    @Test
    @DisplayName("Promise 7: a caller-runs executor is not run by the timer either")
    void theTimerHandsNothingToTheUsersExecutor() throws Exception {
        AtomicReference<String> thread = new AtomicReference<>();
        AsyncBatcher<Integer, Integer> batcher = AsyncBatcher.<Integer, Integer>builder(batch -> {
                    thread.set(Thread.currentThread().getName());
                    return batch;
                })
                .maxQueueTime(Duration.ofMillis(1))
                .executor(Runnable::run)
                .build();

        assertThat(batcher.process(1).get(10, SECONDS)).isEqualTo(1);

        assertThat(thread.get()).doesNotContain("timer");
    }

    @Test
    void aForcedStopDoesNotWaitForBlockingContinuationsOfABatch() throws Exception {
        AsyncBatcher<Integer, Integer> batcher = builder().build();
        CountDownLatch blocked = new CountDownLatch(1);
        batcher.pause(); // until the continuation is there
        batcher.process(1).thenRun(() -> {
            blocked.countDown();
            block();
        });
        CompletableFuture<Integer> mate = batcher.process(2);
        batcher.resume();
        assertThat(blocked.await(10, SECONDS)).isTrue();

        batcher.stop(true).get(10, SECONDS);

        assertThat(mate).isDone();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 130}) // 64 threads settle them at most
    void aForcedStopSettlesTheOtherQueuedItemsThoughAContinuationOfOneBlocks(int count) throws Exception {
        AsyncBatcher<Integer, Integer> batcher =
                AsyncBatcher.<Integer, Integer>builder(batch -> batch).build();
        batcher.pause();
        List<CompletableFuture<Integer>> items =
                IntStream.range(0, count).mapToObj(batcher::process).toList();
        items.get(0).whenComplete((result, failure) -> block());
        List<CompletableFuture<Void>> others = items.subList(1, count).stream()
                .map(item -> item.handle((result, failure) -> (Void) null))
                .toList();

        batcher.stop(true);

        CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(20, SECONDS);
    }
}
